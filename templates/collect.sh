#!/bin/sh
# Collects what `advisor check` needs to know of a Postfix on a host without Python, as a tar on standard output:
#
#     advisor collect --script | ssh mx1 sudo sh >mx1.tar
#
# Options (behind `sh -s --`) and environment:
#     -c DIR    the instance whose config_directory is DIR (or MAIL_CONFIG=DIR)
#     -l DAYS   with the mail log of the last DAYS days (or ADVISOR_LOG_DAYS=DAYS); without it no log is read
#
# It changes nothing. It takes main.cf, master.cf, what postconf prints, and the text of access, address and
# pattern tables. It never takes password maps, keys, certificates or the files of ldap, mysql, pgsql, sqlite and
# memcache tables; what looks like a password in main.cf and master.cf, also in a comment, becomes "masked".
# MANIFEST in the tar names what was taken, what was left out, and why.

# The programs of awk stand in single quotes, and what looks like a variable in them is awk's.
# shellcheck disable=SC2016
set -eu
LC_ALL=C
export LC_ALL
umask 077

default_log_days=0
largest_table=1048576
most_tables=200
largest_log=268435456

# Logical lines of main.cf and master.cf with passwords masked, the number of lines as it was. `kind`: main for
# `name = value`, field for `smtp/inet/name = value`, master for entries. ADVISOR_SECRETS: variables of main.cf
# that a password map is made of.
mask='
BEGIN {
    count = split(ENVIRON["ADVISOR_SECRETS"], names, " ")
    for (i = 1; i <= count; i++) secret[names[i]] = 1
}
function is_secret(name,    low) {
    if (name in secret) return 1
    low = tolower(name)
    if (low ~ /password_(maps|result_delimiter)$|_limit$/) return 0
    return low ~ /passw|passphrase|secret|token|credential|bind_?pw|api_?key|(^|[_-])(pw|pwd|pass)$/
}
function unbalanced(text,    copy, open) {
    copy = text
    open = gsub(/[{]/, "", copy)
    return open - gsub(/[}]/, "", copy)
}
# How many characters of text the value of a password takes: up to a blank, within quotes, or within braces.
function reach(text, inside,    i, depth, letter) {
    if (!inside) {
        if (match(text, /^"[^"]*"/)) return RLENGTH
        return match(text, /^[^ \t\r]+/) ? RLENGTH : 0
    }
    depth = 0
    for (i = 1; i <= length(text); i++) {
        letter = substr(text, i, 1)
        if (letter == "{") depth++
        if (letter == "}" && --depth < 0) return i - 1
    }
    return length(text)
}
# Every `name=value` in the text whose name is that of a password.
function without_named(text,    out, head, name, size) {
    out = ""
    while (match(text, /[A-Za-z0-9_.-]+[ \t]*=[ \t]*/)) {
        head = substr(text, 1, RSTART + RLENGTH - 1)
        name = substr(text, RSTART, RLENGTH)
        sub(/[ \t]*=[ \t]*$/, "", name)
        text = substr(text, RSTART + RLENGTH)
        out = out head
        if (is_secret(name) && (size = reach(text, unbalanced(out) > 0)) > 0) {
            out = out "masked"
            text = substr(text, size + 1)
        }
    }
    return out text
}
# static: and inline: tables hold their content themselves.
function without_tables(text,    out, size) {
    out = ""
    while (match(text, /(static|inline):/)) {
        out = out substr(text, 1, RSTART - 1)
        text = substr(text, RSTART)
        if (substr(text, 1, 7) == "inline:") {
            size = substr(text, 8, 1) == "{" ? 9 + reach(substr(text, 9), 1) : reach(text, 0)
            out = out "inline:{masked=masked}"
        } else {
            size = substr(text, 8, 1) == "{" ? 9 + reach(substr(text, 9), 1) : reach(text, 0)
            out = out "static:masked"
        }
        text = substr(text, size + 1)
    }
    return out text
}
function scrub(text) {
    gsub(/:\/\/[^ \t\/@]+@/, "://masked@", text)
    return without_named(text)
}
function clean(line,    name, head, value) {
    if (kind == "master") {
        line = scrub(line)
        if (tolower(line) ~ /passw[a-z]*_maps/) line = without_tables(line)
        if (line !~ /argv=/) return line
        gsub(/[ \t]-u[ \t]*[^ \t:]+:[^ \t]+/, " -u masked", line)
        gsub(/[ \t]-p[ \t]*[^ \t-][^ \t]*/, " -p masked", line)
        while (match(tolower(line), /[ \t]--?[a-z-]*(passw[a-z]*|passphrase|secret|token|pass|pw|pwd)[ \t]+[^ \t-][^ \t]*/)) {
            head = substr(line, RSTART, RLENGTH)
            if (head ~ /[ \t]masked$/) break
            sub(/[^ \t]+$/, "masked", head)
            line = substr(line, 1, RSTART - 1) head substr(line, RSTART + RLENGTH)
        }
        return line
    }
    if (!match(line, /^[^ \t=]+[ \t]*=[ \t]*/)) return scrub(line)
    head = substr(line, 1, RLENGTH)
    value = substr(line, RLENGTH + 1)
    name = head
    sub(/[ \t]*=[ \t]*$/, "", name)
    if (kind == "field") sub(/^.*\//, "", name)
    if (is_secret(name)) return value ~ /[^ \t\r]/ ? head "masked" : line
    value = scrub(value)
    if (tolower(name) ~ /password_maps$/) value = without_tables(value)
    return head value
}
function is_telling(line,    low) {
    low = tolower(line)
    return low ~ /passw|passphrase|secret|token|credential|bind_?pw|api_?key|private key|(static|inline):/ ||
        low ~ /[^a-z](pw|pwd|pass)[^a-z]/ || low ~ /:\/\/[^ \t\/]*@/
}
# What goes on behind a masked comment belongs to it, up to another setting.
function comment(line) {
    if (line ~ /^[ \t]*#[ \t]*$/ || line ~ /^[ \t]*#+[ \t]*([A-Za-z0-9_]+[ \t]*=|advisor:)/) block = 0
    if (block || is_telling(line)) {
        block = 1
        return "# masked"
    }
    return line
}
function flush(    joined, cleaned, i, first) {
    if (!held) return
    joined = ""
    for (i = 1; i <= held; i++) if (!filler[i]) joined = joined lines[i]
    cleaned = clean(joined)
    first = 1
    for (i = 1; i <= held; i++) {
        if (filler[i] || cleaned == joined) print lines[i]
        else if (first) { print cleaned; first = 0 }
        else print "#"
    }
    held = 0
}
/^[ \t\r\v\f]*#/ { line = comment($0); if (held) { lines[++held] = line; filler[held] = 1 } else print line; next }
/^[ \t\r\v\f]*$/ { if (held) { lines[++held] = $0; filler[held] = 1 } else print; next }
/^[^ \t\r\v\f]/ { flush() }
{ block = 0; lines[++held] = $0; filler[held] = 0 }
END { flush() }
'

# The variables that password maps refer to, and those refer to in turn; not those that only name a place.
secrets='
function note(text,    name) {
    while (match(text, /\$[{(]?[ \t]*[A-Za-z0-9_]+/)) {
        name = substr(text, RSTART, RLENGTH)
        sub(/^\$[{(]?[ \t]*/, "", name)
        text = substr(text, RSTART + RLENGTH)
        if (!(name in wanted)) { wanted[name] = 1; more = 1 }
    }
}
/^[ \t\r]*(#|$)/ { next }
/^[^ \t\r]/ { name = $1; sub(/=.*/, "", name) }
{ value[name] = value[name] " " $0 }
END {
    for (name in value) if (tolower(value[name]) ~ /passw[a-z]*_maps/) note(value[name])
    while (more) {
        more = 0
        for (name in wanted) if (name in value && !(name in done)) { done[name] = 1; note(value[name]) }
    }
    for (name in wanted) {
        if (!(name in value) || name ~ /^(myhostname|mydomain|myorigin|config_directory)$/) continue
        text = value[name]
        sub(/^[^=]*=[ \t]*/, "", text)
        if (text !~ /^(\/|[a-z]+:\/|(proxy|hash|btree|lmdb|cdb|dbm|sdbm|texthash|pcre|regexp|ldap|mysql|pgsql|sqlite|memcache)$)/ || text ~ /(static|inline):/) print name
    }
}
'

# `take PATH` and `deny PATH` for the files that the settings name; read from `name = value` lines.
tables='
function each(action, name, value,    count, words, i, word) {
    gsub(/[,{}\t\r]/, " ", value)
    count = split(value, words, / +/)
    for (i = 1; i <= count; i++) {
        word = words[i]
        sub(/^!/, "", word)
        while (word ~ /^proxy:/) sub(/^proxy:/, "", word)
        if (word ~ /^(regexp|pcre|cidr|texthash|hash|btree|lmdb|cdb|dbm):\//) sub(/^[a-z]+:/, "", word)
        else if (word ~ /^[a-z]+:\//) { sub(/^[a-z]+:/, "", word); print "deny " word; continue }
        else if (word !~ /^\// || name !~ lists) continue
        print action " " word
    }
}
BEGIN {
    lists = "^(mynetworks|mydestination|relay_domains|virtual_(alias|mailbox)_domains|fast_flush_domains|" \
        "smtpd_authorized_[a-z]+_hosts|postscreen_access_list|debug_peer_list)$"
    maps = "_restrictions$|_checks$|^(transport|relay_recipient|virtual_alias|virtual_mailbox|canonical|" \
        "sender_canonical|recipient_canonical|relocated|sender_bcc|recipient_bcc|smtpd_sender_login|" \
        "sender_dependent_relayhost|sender_dependent_default_transport|default_transport|smtp_generic|" \
        "local_recipient|smtpd_reject_footer|address_verify_transport|fallback_transport|" \
        "mailbox_transport)_maps$|^smtpd_command_filter$|^smtp_(dns_)?reply_filter$|" \
        "^(smtpd|smtp|lmtp)_discard_ehlo_keyword_address_maps$"
}
/=/ {
    name = $1
    sub(/=.*/, "", name)
    sub(/^.*\//, "", name)
    value = $0
    sub(/^[^=]*=[ \t]*/, "", value)
    if (name == "smtpd_restriction_classes") {
        gsub(/[,\t]/, " ", value)
        count = split(value, words, / +/)
        for (i = 1; i <= count; i++) class[words[i]] = 1
        next
    }
    total++
    named[total] = name
    valued[total] = value
}
END {
    for (i = 1; i <= total; i++) {
        name = named[i]
        if (tolower(name) ~ /sasl|passw|secret|_tls_|_key|_cert|ldap/) each("deny", name, valued[i])
        else if (name ~ lists || name ~ maps || name in class) each("take", name, valued[i])
    }
}
'

# `postqueue -j`, counted: queue, domain of the recipient, number.
queue='
{
    if (!match($0, /"queue_name": "[a-z]+"/)) next
    name = substr($0, RSTART + 15, RLENGTH - 16)
    rest = $0
    while (match(rest, /"address": "[^"]*"/)) {
        domain = tolower(substr(rest, RSTART + 12, RLENGTH - 13))
        rest = substr(rest, RSTART + RLENGTH)
        if (!sub(/^.*@/, "", domain)) domain = "(none)"
        if (domain !~ /^([a-z0-9_.:-]+|\[[a-z0-9.:]+\]|\(none\))$/) domain = "(odd)"
        count[name " " domain]++
    }
}
END { for (each in count) print each, count[each] }
'

note() {
    printf '%s\n' "$*" | tr -d '\000-\010\013-\037\177' >>"$work/MANIFEST"
}

complain() {
    printf 'collect.sh: %s\n' "$*" >&2
    exit 2
}

# postconf and the others of the instance that is asked for.
of_instance() {
    command=$1
    shift
    if [ -n "$asked_folder" ]; then
        "$command" -c "$asked_folder" "$@"
    else
        "$command" "$@"
    fi
}

has() {
    command -v "$1" >/dev/null 2>&1
}

masked() {
    ADVISOR_SECRETS=$secret_names awk -v kind="$1" "$mask"
}

# What postconf prints with option $1 goes masked into file postconf-$1. What it warns of is for the host's
# administrator and not for a file that is taken away: warnings quote values.
printed() {
    has postconf || return 0
    if of_instance postconf "-$1" >"$work/.raw" 2>"$work/.warnings"; then
        masked "$2" <"$work/.raw" >"$work/postconf-$1"
        note "taken postconf -$1"
    else
        note "left out postconf -$1: it failed"
    fi
    rm -f "$work/.raw" "$work/.warnings"
}

configuration() {
    for name in main.cf master.cf; do
        if [ ! -f "$folder/$name" ] || [ ! -r "$folder/$name" ]; then
            note "left out $folder/$name: it cannot be read"
            continue
        fi
        kind=main
        [ "$name" = main.cf ] || kind=master
        # awk ends every line; the last one of the file may have had no end.
        masked "$kind" <"$folder/$name" >"$work/$name"
        if [ -n "$(tail -c 1 "$folder/$name")" ]; then
            size=$(wc -c <"$work/$name")
            head -c "$((size - 1))" "$work/$name" >"$work/.cut"
            mv "$work/.cut" "$work/$name"
        fi
        note "taken $folder/$name"
    done
}

settings() {
    if has postconf && of_instance postconf -xn >"$work/.settings" 2>/dev/null; then
        of_instance postconf -xP >>"$work/.settings" 2>/dev/null || :
    elif has postconf && of_instance postconf -n >"$work/.settings" 2>/dev/null; then
        :
    elif [ -r "$folder/main.cf" ]; then
        awk '/^[ \t]*(#|$)/ { next } /^[^ \t]/ && NR > 1 { print "" } { printf "%s", $0 } END { print "" }' \
            <"$folder/main.cf" >"$work/.settings"
    else
        : >"$work/.settings"
    fi
    awk "$tables" "$work/.settings" >"$work/.tables"
    sed -n 's/^deny //p' "$work/.tables" | sort -u >"$work/.denied"
    sed -n 's/^take //p' "$work/.tables" | sort -u >"$work/.wanted"
    while IFS= read -r path; do
        real_path "$path"
        printf '%s\n' "$real"
    done <"$work/.denied" >"$work/.denied-real"
    cat "$work/.denied-real" >>"$work/.denied"
}

# The file behind links goes into $real; it stays empty where that cannot be found out.
real_path() {
    real=$(readlink -f "$1" 2>/dev/null) || real=
    if [ -z "$real" ] && [ ! -L "$1" ]; then
        real=$1
    fi
}

looks_secret() {
    case $(printf '%s' "$1" | tr '[:upper:]' '[:lower:]') in
    *sasl* | *passw* | *secret* | *shadow* | *credential* | *bind*pw* | *token* | */private/* | */.ssh/* | */ssl/*) return 0 ;;
    *.pem | *.key | *.crt | *.p12 | *.pfx | /proc/* | /sys/* | /dev/*) return 0 ;;
    esac
    grep -Fxq -e "$1" "$work/.denied"
}

table() {
    case $1/ in
    */../* | */./*) note "left out $1: its path goes up"; return 0 ;;
    esac
    if [ ! -f "$1" ] || [ ! -r "$1" ]; then
        note "left out $1: no regular file that can be read"
        return 0
    fi
    real_path "$1"
    if [ -z "$real" ] || looks_secret "$1" || looks_secret "$real"; then
        note "left out $1: it may hold secrets"
        return 0
    fi
    size=$(wc -c <"$1")
    if [ "$size" -gt "$largest_table" ]; then
        note "left out $1: $size bytes"
        return 0
    fi
    if grep -aEiq 'PRIVATE KEY|^[[:space:]]*#*[[:space:]]*(bind_?pw|passw[a-z]*|secret|token|[a-z_]*_passw[a-z]*)[[:space:]]*=' "$1"; then
        note "left out $1: there is a password in it"
        return 0
    fi
    mkdir -p "$work/tables$(dirname "$1")"
    cat <"$1" >"$work/tables$1"
    note "taken $1"
}

all_tables() {
    settings
    taken=0
    while IFS= read -r path; do
        taken=$((taken + 1))
        if [ "$taken" -gt "$most_tables" ]; then
            note "left out $path: more than $most_tables tables"
        else
            table "$path"
        fi
    done <"$work/.wanted"
    rm -f "$work/.settings" "$work/.tables" "$work/.wanted" "$work/.denied" "$work/.denied-real"
}

fact() {
    [ -z "$2" ] || printf '%s = %s\n' "$1" "$2" >>"$work/host"
}

open_files() {
    queue_directory=$(of_instance postconf -h queue_directory 2>/dev/null) || queue_directory=
    pid=$(tr -cd '0-9' <"${queue_directory:-/var/spool/postfix}/pid/master.pid" 2>/dev/null) || pid=
    if [ -n "$pid" ] && [ -r "/proc/$pid/limits" ]; then
        awk '/^Max open files/ { print $5 }' "/proc/$pid/limits"
    else
        # shellcheck disable=SC3045 # not in POSIX, but in dash, busybox, ksh and bash
        ulimit -H -n
    fi
}

host() {
    : >"$work/host"
    fact config_directory "$folder"
    if has postconf; then
        fact mail_version "$(of_instance postconf -h mail_version 2>/dev/null || :)"
    fi
    if [ -r /proc/meminfo ]; then
        fact memory "$(awk '/^MemTotal:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)"
    else
        fact memory "$(sysctl -n hw.physmem 2>/dev/null || :)"
    fi
    fact processors "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null || :)"
    fact open_files "$(open_files 2>/dev/null || :)"
    if [ -r /proc/sys/net/core/somaxconn ]; then
        fact somaxconn "$(cat /proc/sys/net/core/somaxconn)"
    fi
    fact timezone "$(date '+%z %Z')"
    if has ss; then
        ss -ltn >"$work/listen-queues" 2>/dev/null || :
    elif [ -r /proc/net/tcp ]; then
        cat /proc/net/tcp >"$work/listen-queues"
        cat /proc/net/tcp6 >>"$work/listen-queues" 2>/dev/null || :
    fi
    if has postqueue && of_instance postqueue -j >"$work/.queue" 2>/dev/null; then
        awk "$queue" "$work/.queue" | sort >"$work/queue"
        note "taken postqueue -j: numbers by queue and domain"
    else
        note "left out postqueue -j: it failed"
    fi
    rm -f "$work/.queue"
}

# The days as `Nov  3` and as 2026-11-03, one a line.
days() {
    now=$(date +%s)
    day=0
    while [ "$day" -le "$log_days" ]; do
        at=$((now - day * 86400))
        date -d "@$at" '+%b %e%n%Y-%m-%d' 2>/dev/null || date -r "$at" '+%b %e%n%Y-%m-%d'
        day=$((day + 1))
    done
}

logs() {
    if [ "$log_days" -eq 0 ]; then
        note "left out the log: -l DAYS takes it along"
        return 0
    fi
    mkdir "$work/log"
    days >"$work/.days"
    own=$(of_instance postconf -h maillog_file 2>/dev/null) || own=
    found=
    for base in "$own" /var/log/mail.log /var/log/maillog; do
        case $base in
        /*) [ -f "$base" ] || continue ;;
        *) continue ;;
        esac
        for file in "$base".2.gz "$base".1.gz "$base".1 "$base"-[0-9]* "$base"; do
            if [ ! -f "$file" ]; then
                continue
            elif [ ! -r "$file" ]; then
                note "left out $file: it cannot be read"
                continue
            fi
            case $file in
            *.gz) gzip -dc <"$file" || note "left out $file: it is damaged" ;;
            *) cat <"$file" ;;
            esac
        done | awk -v days="$work/.days" '
            BEGIN { while ((getline day <days) > 0) wanted[day] = 1 }
            substr($0, 1, 6) in wanted || substr($0, 1, 10) in wanted
        ' | tail -c "$largest_log" >"$work/log/mail.log"
        found=$base
        break
    done
    if [ -z "$found" ] && has journalctl; then
        journalctl --no-pager --quiet --output short --since "-${log_days}days" SYSLOG_FACILITY=2 2>/dev/null |
            tail -c "$largest_log" >"$work/log/mail.log" || :
        found="the journal"
    fi
    rm -f "$work/.days"
    if [ -s "$work/log/mail.log" ]; then
        note "taken $found: $log_days days"
    else
        rm -rf "$work/log"
        note "left out the log: none was found, or it cannot be read"
    fi
}

main() {
    asked_folder=${MAIL_CONFIG:-}
    log_days=${ADVISOR_LOG_DAYS:-$default_log_days}
    while getopts c:l: option; do
        case $option in
        c) asked_folder=$OPTARG ;;
        l) log_days=$OPTARG ;;
        *) complain "usage: sh collect.sh [-c DIR] [-l DAYS] >bundle.tar" ;;
        esac
    done
    case $log_days in
    '' | *[!0-9]* | ?????*) complain "$log_days is no number of days" ;;
    esac
    [ ! -t 1 ] || complain "standard output is a terminal: redirect it into a file such as mx1.tar"
    PATH=$PATH:/usr/sbin:/usr/local/sbin:/usr/bin:/bin
    export PATH
    folder=$asked_folder
    if [ -z "$folder" ]; then
        folder=$(postconf -h config_directory 2>/dev/null) || folder=/etc/postfix
    fi
    [ -d "$folder" ] || complain "$folder is no folder"
    work=$(mktemp -d "${TMPDIR:-/tmp}/advisor.XXXXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    : >"$work/MANIFEST"
    note "collected $(date '+%Y-%m-%d %H:%M:%S %z') by $(id -un 2>/dev/null || id -u)"
    secret_names=
    for name in main.cf master.cf; do
        if [ -r "$folder/$name" ]; then
            secret_names="$secret_names $(awk "$secrets" <"$folder/$name" | tr '\n' ' ')"
        fi
    done
    configuration
    printed n main
    printed d main
    printed M master
    printed P field
    printed m plain
    all_tables
    host
    logs
    tar -C "$work" -cf - .
}

# Read to its end before anything runs: a command would otherwise read the rest of the script from a pipe.
main "$@" </dev/null
