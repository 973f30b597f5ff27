/* Events of sessions and messages, cut into pieces and reduced to one row each: what flow.py and sessions.py say,
 * compiled. They have the same in numpy, for where there is no compiler, and a test holds the two against each other;
 * why a piece begins and ends where it does, and what a session's row means, is written there.
 *
 * In the same library as columns.c: its INTERFACE is for the structs and functions of this file too.
 */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define MIX 0x9E3779B97F4A7C15ull

/* events.EVENT */
struct event {
    uint64_t key;
    int64_t seq;
    double time;
    uint64_t client;
    uint16_t tag;
    uint8_t kind, stage, flags;
} __attribute__((packed));

/* flow.PIECE: from `first` up to `stop`; `end` is when something else ended it. */
struct piece {
    int64_t first, stop;
    double end;
    uint8_t begun, ended, leading, pad[5];
};

/* tables.SESSION */
struct session {
    double start, end, client_at, filtered_at;
    float longest_pause;
    uint32_t pid;
    uint64_t client;
    uint16_t host, tag, messages;
    uint8_t kind, ended_by, stage, sasl;
} __attribute__((packed));

/* tables.MESSAGE */
struct message {
    double start;
    float envelope, content;
    uint16_t tag;
} __attribute__((packed));

/* events.KINDS and the flags beside it. */
enum kind {
    CONNECT = 1, DISCONNECT, CLIENT, LOST, TIMEOUT, TOO_MANY, ACCEPTED, FILTERED, REJECT, SASL_FAILURE,
    PICKUP, MESSAGE_ID, QUEUE_ACTIVE, REMOVED, OTHER, CLOSED, BEGUN
};
enum told { COUNTED = 1, TAKEN = 2, NO_AUTH = 4, REFUSED = 8, NO_TLS = 16, SPOKEN = 32, SASL = 64, QUEUED = 128 };

/* classes.CLASSES and classes.ENDINGS. */
enum class { PRODUCTIVE, TIMED_OUT, HANGUP, AUTH_FAILED, REJECTED, TLS_FAILED, SILENT, JUNK };
enum ending { NO_ENDING, BY_LOSS, BY_TIMEOUT, BY_ERRORS, BY_CUT };

/* What a kind does to a piece: flow.BEGINS and flow.ENDS. */
enum role { BEGINS = 1, ENDS = 2 };

/* What a row of the grammar feeds. */
enum feeds { NEITHER, SESSION_FED, MESSAGE_FED };

/* The events of sessions and messages among lines, which are given as columns; `feeds` has enum feeds for each row of
 * the grammar. A message is known by its queue id and its host. The lines of both go into `counts`. */
void pieces_events(int64_t count, const int64_t *seq, const double *time, const uint64_t *process, const uint16_t *tag,
                   const uint64_t *host, const int32_t *row, const uint8_t *kind, const uint8_t *stage,
                   const uint8_t *flags, const uint64_t *client, const uint64_t *id, const uint8_t *feeds,
                   struct event *sessions, struct event *messages, int64_t *counts)
{
    int64_t session = 0, message = 0;
    for (int64_t index = 0; index < count; index++) {
        uint8_t own = feeds[row[index]];
        int is_queued = kind[index] == CLIENT && flags[index] & QUEUED;
        struct event event = {0, seq[index], time[index], 0, tag[index], kind[index], 0, 0};
        if (isnan(time[index]))
            continue;
        if ((own == MESSAGE_FED || is_queued) && id[index] != 0) {
            event.key = id[index] ^ host[index];
            messages[message++] = event;
        }
        if (own == SESSION_FED) {
            event.key = process[index];
            event.client = client[index];
            event.stage = stage[index];
            event.flags = flags[index];
            sessions[session++] = event;
        }
    }
    counts[0] = session;
    counts[1] = message;
}

/* Puts the rows together by key, equal keys as they stand, the keys as they come first. `slots` are zero, 2 to the
 * power of `bits`, and twice as many as rows or more; `group` and `begin` have room for each row and one more. */
static void together(const struct event *rows, int64_t count, int64_t *slots, int64_t bits, int64_t *group,
                     int64_t *begin, struct event *ordered)
{
    uint64_t mask = (1ull << bits) - 1;
    int64_t groups = 0, total = 0;
    for (int64_t index = 0; index < count; index++) {
        uint64_t slot = rows[index].key * MIX >> (64 - bits);
        while (slots[slot] != 0 && rows[slots[slot] - 1].key != rows[index].key)
            slot = (slot + 1) & mask;
        if (slots[slot] == 0) {
            slots[slot] = index + 1;
            begin[groups] = 0;
            group[index] = groups++;
        } else {
            group[index] = group[slots[slot] - 1];
        }
        begin[group[index]]++;
    }
    for (int64_t each = 0; each < groups; each++) {
        int64_t own = begin[each];
        begin[each] = total;
        total += own;
    }
    for (int64_t index = 0; index < count; index++)
        ordered[begin[group[index]]++] = rows[index];
}

/* Flow.cut; gives how many pieces there are. `role` has what each of the 256 kinds does. */
int64_t pieces_cut(const struct event *rows, int64_t count, const uint8_t *role, int64_t *slots, int64_t bits,
                   int64_t *group, int64_t *begin, struct event *ordered, struct piece *pieces)
{
    int64_t found = 0;
    struct piece *piece = pieces;
    together(rows, count, slots, bits, group, begin, ordered);
    for (int64_t index = 0; index < count; index++) {
        const struct event *row = ordered + index;
        int begins = role[row->kind] & BEGINS || row->kind == BEGUN;
        int is_new = index == 0 || row->key != row[-1].key;
        if (is_new || begins || piece->ended) {
            if (!is_new && begins && !piece->ended) {
                piece->ended = 1;
                piece->end = row->time;
            }
            piece = pieces + found++;
            memset(piece, 0, sizeof *piece);
            piece->first = index;
            piece->end = NAN;
            piece->begun = role[row->kind] & BEGINS;
            piece->leading = is_new && row->kind != CLOSED && row->kind != BEGUN;
        }
        piece->stop = index + 1;
        if (role[row->kind] & ENDS || row->kind == CLOSED) {
            piece->ended = 1;
            if (row->kind == CLOSED)
                piece->end = row->time;
        }
    }
    return found;
}

static uint8_t class_of(uint8_t told, uint8_t ending, int taken, int no_auth, int refused, int spoken)
{
    int counted = told & COUNTED;
    if (told & TAKEN || (taken && !counted))
        return PRODUCTIVE;
    if (ending == BY_TIMEOUT)
        return TIMED_OUT;
    if (ending == BY_ERRORS)
        return HANGUP;
    if (told & NO_AUTH || (no_auth && !counted))
        return AUTH_FAILED;
    if (told & REFUSED || refused)
        return REJECTED;
    if (told & NO_TLS)
        return TLS_FAILED;
    return told & SPOKEN || spoken ? JUNK : SILENT;
}

/* sessions.reduce_sessions: a piece is from one of `starts` up to the next, the last one up to `total`. */
void pieces_sessions(const struct event *rows, int64_t total, const int64_t *starts, const double *cut, int64_t count,
                     struct session *sessions)
{
    for (int64_t index = 0; index < count; index++) {
        const struct event *row = rows + starts[index];
        const struct event *stop = rows + (index + 1 < count ? starts[index + 1] : total);
        struct session session = {0};
        uint8_t told = 0, ending = NO_ENDING;
        int taken = 0, no_auth = 0, refused = 0, spoken = 0;
        double longest = 0, before = row->time;
        session.host = row->key >> 48;
        session.tag = row->key >> 32 & 0xFFFF;
        session.pid = (uint32_t)row->key;
        session.start = row->kind == CONNECT ? row->time : NAN;
        session.end = session.client_at = session.filtered_at = NAN;
        for (; row < stop; row++) {
            if (row->time - before > longest)
                longest = row->time - before;
            before = row->time;
            if (session.client == 0)
                session.client = row->client;
            switch (row->kind) {
            case CLIENT:
                if (isnan(session.client_at))
                    session.client_at = row->time;
                if (row->flags & QUEUED && session.messages < 0xFFFF)
                    session.messages++;
                session.sasl |= (row->flags & SASL) != 0;
                break;
            case ACCEPTED:
            case FILTERED:
                taken |= row->kind == ACCEPTED;
                if (isnan(session.filtered_at))
                    session.filtered_at = row->time;
                break;
            case DISCONNECT:
                session.end = row->time;
                told = row->flags;
                break;
            case LOST:
            case TIMEOUT:
            case TOO_MANY:
                ending = row->kind == LOST ? BY_LOSS : row->kind == TIMEOUT ? BY_TIMEOUT : BY_ERRORS;
                session.stage = row->stage;
                break;
            case SASL_FAILURE:
                no_auth = 1;
                break;
            case REJECT:
                refused = 1;
                break;
            }
            spoken |= row->kind != CONNECT && row->kind != DISCONNECT && row->kind != LOST && row->kind != CLOSED &&
                      row->kind != BEGUN;
        }
        session.longest_pause = (float)longest;
        session.ended_by = ending;
        session.kind = class_of(told, ending, taken || session.messages > 0, no_auth, refused, spoken);
        if (isnan(session.end) && !isnan(cut[index])) {
            session.end = cut[index];
            session.ended_by = BY_CUT;
        }
        sessions[index] = session;
    }
}

/* sessions.reduce_messages */
void pieces_messages(const struct event *rows, int64_t total, const int64_t *starts, int64_t count,
                     struct message *messages)
{
    for (int64_t index = 0; index < count; index++) {
        const struct event *row = rows + starts[index];
        const struct event *stop = rows + (index + 1 < count ? starts[index + 1] : total);
        struct message message = {row->time, 0, 0, row->tag};
        double client = NAN, header = NAN, active = NAN;
        for (; row < stop; row++) {
            if (row->kind == CLIENT && isnan(client))
                client = row->time;
            else if (row->kind == MESSAGE_ID && isnan(header))
                header = row->time;
            else if (row->kind == QUEUE_ACTIVE && isnan(active))
                active = row->time;
        }
        message.envelope = (float)(header - client);
        message.content = (float)(active - header);
        messages[index] = message;
    }
}
