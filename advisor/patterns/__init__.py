"""The patterns of regexp: and pcre: tables: what they match, what they cost, and which can go."""
