test -z "$(tail -c 1 /etc/postfix/main.cf)" || echo >>/etc/postfix/main.cf
postconf -e 'smtpd_forbid_bare_newline = normalize'
postconf -e 'smtpd_forbid_unauth_pipelining = yes'
test -z "$(tail -c 1 /etc/postfix/master.cf)" || echo >>/etc/postfix/master.cf
postconf -F 'smtp/inet/process_limit = 20'
postfix reload
