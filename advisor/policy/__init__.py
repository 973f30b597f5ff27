"""advisor.toml: what a site decided about rules, and about what fails."""
