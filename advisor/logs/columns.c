/* The columns of a block of log lines: where each line's parts are, and hashes by which they are known again.
 *
 * This is the scanner's inner loop, and nothing but that: it finds places and numbers. What a stamp, a writer or a
 * text means is for timestamps, headers and the grammar to say, which read one of a kind and then know it by its
 * hash (lines.py, texts.py). Three frequent texts say something new in each line and have a reader here: a
 * message-id, what becomes active, the begin of a delivery. Lines that are not of the usual form are marked as odd and read
 * by those alone; so the grammar stays the one that decides, and a test holds the two against each other.
 *
 * Behind the data stand at least 64 bytes that may be read. All positions count from the block's begin.
 */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define MIX 0x9E3779B97F4A7C15ull
#define PRIME 0xD6E8FEB86659FD93ull

/* Changes with every change of a function's arguments or of a struct, also of those in the other C files beside it. */
#define INTERFACE 7

struct line {
    int64_t start, stop, text; /* text: where the message begins */
    uint64_t writer;           /* hash of what stands between stamp and [ or :, that one too; 0 for an odd line */
    double second;
    uint32_t pid;
    int32_t minute; /* place among the minutes; -1 for an odd line */
    int64_t mark;   /* where that [ or : is */
    uint8_t plain;  /* printable ASCII alone */
    uint8_t pad[7];
};

struct minute {
    int64_t start, stop;        /* the stamp up to the minute's colon */
    int64_t zone, zone_stop;    /* what stands behind seconds and fraction, the space too */
};

enum kind { ODD, TEMPLATE, HEADER, ACTIVE, SENT, UNSENT };
enum program { CLEANUP = 1, QMGR = 2, DELIVERS = 4 };

struct text {
    int64_t body; /* behind the queue id, or the text's begin */
    /* NAME[ADDRESS] from name to close, rest behind it and its port; of a delivery its relay, and what follows its
     * delays. */
    int64_t name, close, rest;
    uint64_t id, template, client; /* template: 0 for an odd text */
    int32_t kind;
    int32_t form; /* 1 queue id, 2 client, 4 without a name, 8 with a port, 16 an address alone, 32 a queue id
                   * alone */
};

struct figures {
    int64_t place; /* of its text */
    double size;   /* of a message that became active */
    double delay[4];
    uint64_t domain, relay;
    int64_t domain_at, domain_stop, relay_at, relay_stop;
};

int32_t columns_interface(void) { return INTERFACE; }

static inline uint64_t load(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline uint64_t mix(uint64_t total, uint64_t word)
{
    total = (total ^ word) * MIX;
    return total ^ total >> 32;
}

static inline uint64_t hash(const uint8_t *at, int64_t length)
{
    uint64_t total = (uint64_t)length * MIX;
    for (; length >= 8; at += 8, length -= 8)
        total = mix(total, load(at));
    return length > 0 ? mix(total, load(at) & ((1ull << 8 * length) - 1)) : total;
}

/* Eight bytes at a time: each of them with this value; a bit set at the high end of those that are strange, or equal,
 * of which the lowest is right and others may be. */
#define EACH(value) (0x0101010101010101ull * (value))
#define HIGH EACH(0x80)

static inline uint64_t strange(uint64_t word) { return (word | (word - EACH(' ')) | (word + EACH(1))) & HIGH; }

static inline uint64_t equal(uint64_t word, uint8_t byte)
{
    word ^= EACH(byte);
    return (word - EACH(1)) & ~word & HIGH;
}

/* Whether a stretch has printable ASCII alone. */
static inline int is_plain(const uint8_t *at, const uint8_t *stop)
{
    uint64_t found = 0, own = (1ull << (8 * (stop - at) & 63)) - 1;
    if (stop - at < 8)
        return !strange((load(at) & own) | (EACH(' ') & ~own));
    for (; stop - at > 8; at += 8)
        found |= strange(load(at));
    return !(found | strange(load(stop - 8)));
}

static inline int same_bytes(const uint8_t *one, const uint8_t *other, int64_t length)
{
    for (; length >= 8; one += 8, other += 8, length -= 8)
        if (load(one) != load(other))
            return 0;
    return length == 0 || (load(one) ^ load(other)) << (64 - 8 * length) == 0;
}

/* Of what a byte may be part. */
enum class {
    DIGIT = 1,
    LETTER = 2,
    HEX = 4,
    UPPER_HEX = 8, /* of a queue id: digits too */
    NAME = 16,     /* of names and addresses: nothing that a pattern could stop at */
    WORD = 32,     /* of a host's name */
    CHOSEN = 64,   /* of what a client chose and a pattern takes for one word */
    MARK = 128,    /* where something that templates leave out may stand */
};

#define ANY (NAME | WORD | CHOSEN)
static const uint8_t CLASS[256] = {
    ['!'] = CHOSEN, ['#' ... '&'] = CHOSEN, ['*'] = CHOSEN, ['+'] = CHOSEN, [','] = CHOSEN, ['-'] = ANY, ['.'] = ANY,
    ['/'] = NAME | CHOSEN, ['0' ... '9'] = DIGIT | HEX | UPPER_HEX | ANY | MARK, [':'] = NAME | CHOSEN | MARK,
    ['<'] = MARK, ['='] = CHOSEN | MARK, ['?'] = CHOSEN, ['@'] = CHOSEN, ['A' ... 'F'] = LETTER | HEX | UPPER_HEX | ANY,
    ['G' ... 'Z'] = LETTER | ANY, ['['] = MARK, ['^'] = CHOSEN, ['_'] = ANY, ['`'] = CHOSEN,
    ['a' ... 'f'] = LETTER | HEX | ANY, ['g' ... 'z'] = LETTER | ANY, ['{' ... '~'] = CHOSEN,
};

static inline int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

static inline int is(uint8_t byte, int classes) { return CLASS[byte] & classes; }

/* Where the bytes of these classes end. */
static inline const uint8_t *behind(const uint8_t *at, const uint8_t *stop, int classes)
{
    while (at < stop && is(*at, classes))
        at++;
    return at;
}

static inline int starts(const uint8_t *at, const char *text, int64_t length) { return memcmp(at, text, length) == 0; }

#define STARTS(at, text) starts((at), (text), sizeof(text) - 1)

static inline const uint8_t *find(const uint8_t *at, const uint8_t *stop, uint8_t byte)
{
    const uint8_t *found = at < stop ? memchr(at, byte, stop - at) : 0;
    return found ? found : stop;
}

/* The end of a number of one to nine digits, or NULL. */
static inline const uint8_t *whole(const uint8_t *at, const uint8_t *stop, uint64_t *number)
{
    const uint8_t *begin = at;
    for (*number = 0; at < stop && is_digit(*at) && at - begin < 9; at++)
        *number = *number * 10 + (*at - '0');
    return at > begin && !(at < stop && is_digit(*at)) ? at : 0;
}

/* The number in one to eight digits with at most one point among them; 0 when it is none. */
static int decimal(const uint8_t *at, const uint8_t *stop, double *number)
{
    static const double tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    uint64_t whole = 0;
    int digits = 0, behind = -1;
    if (stop - at < 1 || stop - at > 8)
        return 0;
    for (; at < stop; at++) {
        if (is_digit(*at)) {
            whole = whole * 10 + (*at - '0');
            digits++;
            behind += behind >= 0;
        } else if (*at == '.' && behind < 0) {
            behind = 0;
        } else {
            return 0;
        }
    }
    *number = (double)whole / tens[behind > 0 ? behind : 0];
    return digits > 0;
}

/* The stamp at a line's begin: fills in the minute, the seconds, and gives where the stamp ends; NULL for none. */
static const uint8_t *stamp(const uint8_t *at, const uint8_t *stop, const uint8_t *data, struct minute *minute,
                            double *second)
{
    static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    const uint8_t *mark;
    if (stop - at < 20)
        return 0;
    if (at[3] == ' ' && at[6] == ' ' && at[9] == ':' && at[12] == ':')
        mark = at + 13;
    else if (at[4] == '-' && at[7] == '-' && (at[10] == 'T' || at[10] == ' ') && at[13] == ':' && at[16] == ':')
        mark = at + 17;
    else
        return 0;
    if (mark[0] < '0' || mark[0] > '5' || !is_digit(mark[1]))
        return 0;
    minute->start = at - data;
    minute->stop = mark - data;
    *second = (mark[0] - '0') * 10 + (mark[1] - '0');
    at = mark + 2;
    if ((*at == '.' || *at == ',')) {
        uint64_t fraction = 0;
        int digits = 0;
        for (at++; at < stop && is_digit(*at) && digits < 9; at++, digits++)
            fraction = fraction * 10 + (*at - '0');
        if (digits == 0)
            return 0;
        *second += (double)fraction / tens[digits];
    }
    minute->zone = at - data;
    if (*at == 'Z') {
        at++;
    } else if (*at == '+' || *at == '-') {
        at++;
        while (at < stop && (is_digit(*at) || *at == ':') && at - data - minute->zone < 6)
            at++;
    }
    if (at >= stop || *at != ' ')
        return 0;
    minute->zone_stop = at + 1 - data;
    return at + 1;
}

static int same(const uint8_t *data, const struct minute *a, const struct minute *b)
{
    return a->stop - a->start == b->stop - b->start && a->zone_stop - a->zone == b->zone_stop - b->zone &&
           same_bytes(data + a->start, data + b->start, a->stop - a->start) &&
           same_bytes(data + a->zone, data + b->zone, a->zone_stop - a->zone);
}

/* What stands between stamp and text: who wrote the line. */
static void writer(const uint8_t *data, const uint8_t *at, const uint8_t *stop, struct line *line)
{
    const uint8_t *mark = at, *digit;
    uint64_t pid = 0, total = 0, word, marks;
    int64_t found;
    /* A zone or a year, which belong to the stamp. */
    if (*at == '+' || *at == '-' || (is_digit(at[0]) && is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3]) && at[4] == ' '))
        return;
    for (;; mark += 8) {
        word = load(mark);
        marks = equal(word, '[') | equal(word, ':');
        /* A service's name may have a colon too: postfix/127.0.0.1:10025/smtpd. */
        while (marks != 0 && mark[found = __builtin_ctzll(marks) / 8] == ':' && mark[found + 1] != ' ')
            marks &= marks - 1;
        if (marks != 0 || mark >= stop)
            break;
        total = mix(total, word);
    }
    if (mark >= stop || (mark += found) >= stop)
        return;
    digit = mark + 1;
    if (*mark == '[') {
        for (; digit < stop && is_digit(*digit) && digit - mark <= 8; digit++)
            pid = pid * 10 + (*digit - '0');
        if (digit == mark + 1 || stop - digit < 3 || !STARTS(digit, "]: "))
            return;
        digit += 3;
    } else {
        if (digit >= stop || *digit != ' ')
            return;
        digit++;
    }
    if (stop - digit >= 4 && STARTS(digit, "[ID "))
        return;
    line->writer = mix(total, word & (marks ^ (marks - 1)));
    line->writer += line->writer == 0;
    line->mark = mark - data;
    line->pid = (uint32_t)pid;
    line->text = digit - data;
}

/* Fills in the lines of a block that ends with a newline, and the minutes; gives how many lines there are, -1 when
 * they are more than `most`. A line that is longer than `longest` is odd. */
int64_t columns_lines(const uint8_t *data, int64_t size, int64_t longest, int64_t most, struct line *lines,
                      struct minute *minutes, int64_t *minutes_count)
{
    const uint8_t *at = data, *end = data + size;
    int64_t count = 0, known = 0;
    while (at < end) {
        const uint8_t *newline = memchr(at, '\n', end - at), *stop, *behind;
        struct line *line = lines + count;
        struct minute minute;
        if (count++ == most)
            return -1;
        if (newline == 0)
            newline = end;
        stop = newline - (newline > at && newline[-1] == '\r');
        memset(line, 0, sizeof *line);
        line->start = at - data;
        line->stop = line->text = stop - data;
        line->minute = -1;
        if (stop - at <= longest) {
            line->plain = is_plain(at, stop);
            behind = stamp(at, stop, data, &minute, &line->second);
            if (behind != 0) {
                writer(data, behind, stop, line);
                if (known == 0 || !same(data, &minute, minutes + known - 1))
                    minutes[known++] = minute;
                line->minute = (int32_t)(known - 1);
            }
        }
        at = newline + 1;
    }
    *minutes_count = known;
    return count;
}

/* The end of a queue id: 5 to 20 letters and digits, one digit at least or nothing but hexadecimal ones; NULL for
 * what may be a word. */
static const uint8_t *queue_id(const uint8_t *at, const uint8_t *stop)
{
    const uint8_t *end = at;
    uint8_t some = 0, every = DIGIT | UPPER_HEX;
    for (; end < stop && end - at <= 20 && is(*end, DIGIT | LETTER); end++) {
        some |= CLASS[*end];
        every &= CLASS[*end];
    }
    return end - at >= 5 && end - at <= 20 && (some & DIGIT || every & UPPER_HEX) ? end : 0;
}

/* `from=<...>, size=N, nrcpt=N (queue active)`, read from its end (src/qmgr/qmgr_active.c). */
static int active(const uint8_t *body, const uint8_t *stop, struct figures *sent)
{
    const uint8_t *end, *begin;
    double recipients;
    if (stop - body < 40 || !STARTS(stop - 15, " (queue active)"))
        return 0;
    end = stop - 15;
    for (begin = end; begin > body && begin[-1] != '='; begin--)
        ;
    if (begin - body < 20 || !STARTS(begin - 8, ", nrcpt=") || memchr(begin, '.', end - begin) ||
        !decimal(begin, end, &recipients))
        return 0;
    end = begin - 8;
    for (begin = end; begin > body && begin[-1] != '='; begin--)
        ;
    return begin - body >= 14 && STARTS(begin - 8, ">, size=") && !memchr(begin, '.', end - begin) &&
           decimal(begin, end, &sent->size);
}

/* The end of an IPv4 address that stands alone, or NULL. */
static const uint8_t *address(const uint8_t *at, const uint8_t *stop)
{
    for (int part = 0; part < 4; part++) {
        const uint8_t *begin;
        if (part > 0 && (at == stop || *at++ != '.'))
            return 0;
        begin = at;
        at = behind(at, stop, DIGIT);
        if (at == begin || at - begin > 3)
            return 0;
    }
    return at < stop && (is(*at, DIGIT | LETTER) || (*at == '.' && at + 1 < stop && is_digit(at[1]))) ? 0 : at;
}

/* The end of an IPv6 address that stands alone, or NULL; a time of day has its form too. */
static const uint8_t *address6(const uint8_t *at, const uint8_t *stop)
{
    for (int colons = 0;; colons++, at++) {
        const uint8_t *begin = at;
        at = behind(at, stop, HEX);
        if (at - begin > 4 || colons > 8)
            return 0;
        if (at == stop || *at != ':')
            return colons < 2 || (at < stop && (is(*at, LETTER) || (*at == '.' && at + 1 < stop && is_digit(at[1]))))
                       ? 0
                       : at;
    }
}

/* The end of an address of either kind. */
static const uint8_t *any_address(const uint8_t *at, const uint8_t *stop)
{
    int colons = 0;
    const uint8_t *end = address(at, stop);
    if (end != 0)
        return end;
    for (end = at; end < stop && *end != ' '; end++) {
        if (*end == ':')
            colons++;
        else if (!is(*end, HEX) && *end != '.')
            return 0;
    }
    return colons >= 2 ? end : 0;
}

/* The end of the counts behind a verb, as 2 or 2/3 (of three commands two were good): what is kept of them is whether
 * none was good, and whether some were not. NULL where they are anything else. */
static const uint8_t *counts(const uint8_t *at, const uint8_t *stop, int *what)
{
    uint64_t good, all;
    const uint8_t *end = whole(at, stop, &good);
    all = good;
    if (end != 0 && end < stop && *end == '/')
        end = whole(end + 1, stop, &all);
    if (end == 0 || all < good || (end < stop && *end != ' '))
        return 0;
    *what = (good == 0) + 2 * (all > good);
    return end;
}

/* What a template leaves out, from `from` to `to`, by the mark at which it is found; `last` is where the one before
 * it ends, `first` where the text begins. Gives a number that says what it is, 0 where there is none. */
static int left_out(const uint8_t *first, const uint8_t *last, const uint8_t *at, const uint8_t *stop,
                    const uint8_t **from, const uint8_t **to)
{
    *from = at + 1;
    switch (*at) {
    case '<': /* what a client chose; <> is another thing */
        *to = behind(at + 1, stop, CHOSEN);
        return *to == stop || **to != '>' ? 0 : *to > at + 1 ? 1 : 2;
    case '[': /* a host, as NAME[ADDRESS] */
        for (*to = at + 1; *to < stop && (is(**to, HEX) || **to == ':' || **to == '.'); ++*to)
            ;
        if (*to == stop || **to != ']')
            return 0;
        for (*from = at; *from > last && is((*from)[-1], WORD); --*from)
            ;
        return 3 + (*from < at) + 2 * (*to > at + 1);
    case '=':
        if (at + 1 < stop && is_digit(at[1])) {
            int what;
            *to = counts(at + 1, stop, &what);
            return *to != 0 ? 16 + what : 0;
        }
        if (at - first >= 5 && STARTS(at - 5, " name")) { /* of a domain that was looked up */
            *to = behind(at + 1, stop, WORD);
            return *to > at + 1 ? 10 : 0;
        }
        if (at - first < 13 || !STARTS(at - 13, "sasl_username"))
            return 0;
        for (*to = at + 1; *to < stop && is(**to, CHOSEN) && **to != ','; ++*to)
            ;
        return (*to == stop || **to == ',') && *to > at + 1 ? 7 : 0;
    case ':':
        if (at + 1 == stop || !(at[1] == ':' || is(at[1], HEX)))
            return 0;
        for (*from = at; *from > last && is((*from)[-1], HEX); --*from)
            ;
        if (*from == first || is((*from)[-1], DIGIT | LETTER) || (*from)[-1] == '.' || (*from)[-1] == ':')
            return 0;
        *to = address6(*from, stop);
        return *to != 0 ? 8 : 0;
    default: /* a digit; an answer of a DNS list is no address of anybody */
        if (at == first || is(at[-1], DIGIT | LETTER) || at[-1] == '.' || STARTS(at, "127."))
            return 0;
        *from = at;
        *to = address(at, stop);
        return *to != 0 ? 9 : 0;
    }
}

/* A hash of what stands outside of what clients and their mail are named by. */
static uint64_t outside(const uint8_t *first, const uint8_t *stop)
{
    const uint8_t *last = first, *from, *to;
    uint64_t total = 0;
    for (const uint8_t *at = first; at < stop; at++) {
        int what;
        if (!is(*at, MARK) || (what = left_out(first, last, at, stop, &from, &to)) == 0)
            continue;
        total = (total ^ hash(last, from - last) ^ what) * PRIME;
        last = at = to;
    }
    return (total ^ hash(last, stop - last)) * PRIME;
}

/* The end of an <address> of a delivery and of the comma behind it; NULL where it might hold more than one word. */
static const uint8_t *recipient(const uint8_t *at, const uint8_t *stop, const uint8_t **close)
{
    *close = find(at, stop, '>');
    return STARTS(*close, ">, ") && find(at, *close, ' ') == *close ? *close + 3 : 0;
}

/* A delivery: `to=<...>, [orig_to=<...>, ]relay=..., [conn_use=N, ]delay=..., delays=a/b/c/d, [tls=..., ]dsn=...,
 * status=... ...` (src/global/log_adhoc.c). What stands behind the delays is its template, of one that was sent not
 * even that: whatever the reply says, it has no reason. */
static enum kind delivered(const uint8_t *data, const uint8_t *body, const uint8_t *stop, int64_t longest,
                           struct text *text, struct figures *sent)
{
    const uint8_t *at, *end, *mark, *tail;
    double number;
    at = recipient(body + 4, stop, &end);
    for (mark = end; mark > body + 4 && mark[-1] != '@'; mark--)
        ;
    sent->domain_at = mark - data;
    sent->domain_stop = end - data;
    if (at && STARTS(at, "orig_to=<"))
        at = recipient(at + 9, stop, &end);
    if (at == 0 || !STARTS(at, "relay="))
        return ODD;
    at += 6;
    for (end = at; end < stop && *end != ',' && *end != ' '; end++)
        ;
    if (end == at || !STARTS(end, ", "))
        return ODD;
    sent->relay_at = text->name = at - data;
    sent->relay_stop = text->close = end - data;
    at = end + 2;
    if (STARTS(at, "conn_use=")) {
        end = behind(at + 9, stop, DIGIT);
        if (end == at + 9 || !STARTS(end, ", "))
            return ODD;
        at = end + 2;
    }
    if (!STARTS(at, "delay="))
        return ODD;
    end = find(at + 6, stop, ',');
    if (!decimal(at + 6, end, &number) || !STARTS(end, ", delays="))
        return ODD;
    at = end + 9;
    for (int part = 0; part < 4; part++) {
        end = find(at, stop, part < 3 ? '/' : ',');
        if (!decimal(at, end, &sent->delay[part]))
            return ODD;
        at = end + 1;
    }
    tail = at;
    text->rest = tail - data;
    if (STARTS(at, " tls="))
        at = find(at, stop, ',') + 1;
    if (at >= stop || !STARTS(at, " dsn="))
        return ODD;
    for (end = at + 5; end < stop && (is_digit(*end) || *end == '.'); end++)
        ;
    if (end == at + 5 || !STARTS(end, ", status="))
        return ODD;
    at = end + 9;
    end = behind(at, stop, LETTER);
    if (end == at)
        return ODD;
    sent->domain = hash(mark, data + sent->domain_stop - mark);
    sent->relay = hash(data + sent->relay_at, sent->relay_stop - sent->relay_at);
    if (end - at == 4 && STARTS(at, "sent"))
        return SENT;
    if (stop - tail > longest)
        return ODD;
    text->template = hash(tail, end - tail) * PRIME ^ outside(end, stop);
    return UNSENT;
}

/* The client in a text, as NAME[ADDRESS] and perhaps :PORT: what the first bracket belongs to; without a bracket the
 * first word that is an address, or a queue id at its end. */
static int client(const uint8_t *data, const uint8_t *body, const uint8_t *stop, struct text *text)
{
    const uint8_t *bracket = find(body, stop, '['), *name = bracket, *close, *port;
    if (bracket == stop) {
        const uint8_t *word = find(body, stop, ' '), *last = word;
        text->name = text->close = text->rest = stop - data;
        for (; word < stop; last = word, word = find(word + 1, stop, ' ')) {
            if ((port = any_address(word + 1, stop)) != 0) {
                text->name = word + 1 - data;
                text->close = text->rest = port - data;
                text->form |= 16;
                return 1;
            }
        }
        if (last < stop && last[-1] == ':' && queue_id(last + 1, stop) == stop) {
            text->name = last + 1 - data;
            text->form |= 32;
        }
        return 1;
    }
    while (name > body && is(name[-1], NAME))
        name--;
    close = behind(bracket + 1, stop, NAME);
    if (close == stop || *close != ']' || (name > body && name[-1] != ' ' && name[-1] != '='))
        return 0;
    text->name = name - data;
    text->close = close - data;
    text->form |= 2 | (name == bracket ? 4 : 0);
    text->client = hash(name, close + 1 - name);
    port = close + 2 < stop ? behind(close + 2, stop, DIGIT) : close + 2;
    if (port > close + 2 && close[1] == ':') {
        text->form |= 8;
        text->rest = port - data;
    } else {
        text->rest = close + 1 - data;
    }
    return 1;
}

/* A hash of what stands before the client. A host's name without its address is left out as well, and how much of a
 * message had come. */
static uint64_t before(const uint8_t *body, const uint8_t *name)
{
    const uint8_t *from, *to;
    if (STARTS(body, "warning: hostname ")) {
        from = body + 18;
        to = behind(from, name, NAME);
    } else if (name - body > 13 && STARTS(name - 13, " bytes) from ")) {
        to = name - 13;
        for (from = to; from > body && is_digit(from[-1]); from--)
            ;
    } else {
        return hash(body, name - body);
    }
    return (hash(body, from - body) ^ (from < to)) * PRIME ^ hash(to, name - to);
}

/* Fills in what the texts of lines are, and gives how many `figures` there are; `programs` has flags of enum program in
 * its low byte, and above it the program's number. Texts of more than `longest` bytes have no template. */
int64_t columns_texts(const uint8_t *data, int64_t count, const int64_t *starts_at, const int64_t *stops,
                      const uint8_t *plain, const int32_t *programs, int64_t longest, struct text *texts,
                      struct figures *figures)
{
    struct figures *sent = figures;
    for (int64_t index = 0; index < count; index++) {
        const uint8_t *at = data + starts_at[index], *stop = data + stops[index], *body = at, *end;
        struct text *text = texts + index;
        int32_t program = programs[index];
        memset(text, 0, sizeof *text);
        if (!plain[index])
            continue;
        end = queue_id(at, stop);
        if (end != 0 && stop - end >= 2 && STARTS(end, ": ")) {
            body = end + 2;
            text->form = 1;
            text->id = hash(at, end - at);
        }
        text->body = body - data;
        if (text->form && program & CLEANUP && (STARTS(body, "message-id=") || STARTS(body, "resent-message-id="))) {
            text->kind = HEADER;
        } else if (text->form && program & QMGR && STARTS(body, "from=<")) {
            text->kind = active(body, stop, sent) ? ACTIVE : ODD;
        } else if (text->form && program & DELIVERS && STARTS(body, "to=<")) {
            text->kind = delivered(data, body, stop, longest, text, sent);
        } else if (stop - body <= longest && client(data, body, stop, text)) {
            text->kind = TEMPLATE;
            text->template = before(body, data + text->name) * PRIME ^ outside(data + text->rest, stop);
        }
        if (text->kind == ODD)
            continue;
        text->template ^= (((uint64_t)program & ~0xFFull) | (uint64_t)text->form) * PRIME ^ (uint64_t)text->kind * MIX;
        text->template += text->template == 0;
        if (text->kind >= ACTIVE)
            (sent++)->place = index;
    }
    return sent - figures;
}

/* A table of places by key: open addressing, `bits` of the key's hash say where to begin. A slot is free where its
 * place is `unknown`; half of all slots are, or more. */
static inline uint64_t slot_of(uint64_t key, int64_t bits) { return key * MIX >> (64 - bits); }

void columns_places(const uint64_t *wanted, int64_t count, const uint64_t *keys, const int32_t *places, int64_t bits,
                    int32_t unknown, int32_t *found)
{
    uint64_t mask = (1ull << bits) - 1;
    for (int64_t index = 0; index < count; index++) {
        uint64_t slot = slot_of(wanted[index], bits);
        while (places[slot] != unknown && keys[slot] != wanted[index])
            slot = (slot + 1) & mask;
        found[index] = places[slot];
    }
}

void columns_learn(const uint64_t *new_keys, const int32_t *new_places, int64_t count, uint64_t *keys,
                   int32_t *places, int64_t bits, int32_t unknown)
{
    uint64_t mask = (1ull << bits) - 1;
    for (int64_t index = 0; index < count; index++) {
        uint64_t slot = slot_of(new_keys[index], bits);
        if (new_places[index] == unknown)
            continue;
        while (places[slot] != unknown && keys[slot] != new_keys[index])
            slot = (slot + 1) & mask;
        keys[slot] = new_keys[index];
        places[slot] = new_places[index];
    }
}

/* The first position of each distinct key; gives how many there are. `slots` are zero, and twice as many as keys or
 * more: 2 to the power of `bits`. */
int64_t columns_distinct(const uint64_t *keys, int64_t count, int64_t *slots, int64_t bits, int64_t *first)
{
    uint64_t mask = (1ull << bits) - 1;
    int64_t found = 0;
    for (int64_t index = 0; index < count; index++) {
        uint64_t slot = slot_of(keys[index], bits);
        while (slots[slot] != 0 && keys[slots[slot] - 1] != keys[index])
            slot = (slot + 1) & mask;
        if (slots[slot] == 0) {
            slots[slot] = index + 1;
            first[found++] = index;
        }
    }
    return found;
}

/* The order of keys, equal ones as they stand: a radix sort by bytes, those left out that all keys share. `order` and
 * `spare` have room for count each. */
void columns_order(const uint64_t *keys, int64_t count, int64_t *order, int64_t *spare)
{
    int64_t counts[8][256] = {{0}};
    int64_t *from = spare, *into = order;
    for (int64_t index = 0; index < count; index++) {
        order[index] = spare[index] = index;
        for (int byte = 0; byte < 8; byte++)
            counts[byte][keys[index] >> 8 * byte & 255]++;
    }
    for (int byte = 0; byte < 8 && count > 0; byte++) {
        int64_t *begins = counts[byte], total = 0, *swap;
        if (begins[keys[0] >> 8 * byte & 255] == count)
            continue;
        for (int value = 0; value < 256; value++) {
            int64_t own = begins[value];
            begins[value] = total;
            total += own;
        }
        for (int64_t index = 0; index < count; index++) {
            int64_t each = from[index];
            into[begins[keys[each] >> 8 * byte & 255]++] = each;
        }
        swap = from, from = into, into = swap;
    }
    if (from != order)
        memcpy(order, from, count * sizeof *order);
}

/* The times of lines and the places of their writers in a table; `begins` has for each minute its time, NaN where its
 * lines have to be read alone, and its zone. A line's writer is `unread` where it has not the usual form, or is known as
 * one that has to be read alone; `unknown` where it is in no slot. Gives how many are unknown. */
int64_t columns_headers(const struct line *lines, int64_t count, const double *begins, const uint64_t *keys,
                        const int32_t *places, int64_t bits, int32_t unknown, int32_t unread, double *time, double *zone,
                        int32_t *writer)
{
    uint64_t mask = (1ull << bits) - 1;
    int64_t new = 0;
    for (int64_t index = 0; index < count; index++) {
        const struct line *line = lines + index;
        const double *begin = begins + 2 * line->minute;
        uint64_t slot = slot_of(line->writer, bits);
        time[index] = zone[index] = NAN;
        writer[index] = unread;
        if (line->writer == 0 || line->minute < 0 || isnan(begin[0]))
            continue;
        time[index] = begin[0] + line->second;
        zone[index] = begin[1];
        while (places[slot] != unknown && keys[slot] != line->writer)
            slot = (slot + 1) & mask;
        if (places[slot] == unknown || places[slot] >= 0)
            writer[index] = places[slot];
        new += places[slot] == unknown;
    }
    return new;
}
