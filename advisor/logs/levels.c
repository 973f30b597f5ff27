/* How long how many sessions were open, minute by minute: what capacity/levels.py wants; in the same library as
 * columns.c.
 */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define CLASSES 8

/* LEVEL */
struct level {
    int64_t minute, level;
    double seconds, slots[CLASSES];
};

static inline int64_t minute_of(double time)
{
    int64_t minute = (int64_t)(time / 60);
    return minute - ((double)minute * 60 > time);
}

/* The levels that were held in a minute, none above `highest`, become rows, the lowest first. */
static int64_t settle(struct level *held, int64_t highest, struct level *rows)
{
    int64_t found = 0;
    for (int64_t level = 1; level <= highest; level++) {
        if (held[level].seconds > 0) {
            rows[found++] = held[level];
            memset(held + level, 0, sizeof *held);
        }
    }
    return found;
}

/* Goes through begins (a step of 1) and ends (-1) of sessions, which are in the order of time, each with its class.
 * `held` has room for all levels, and is zero. Of a stretch without a step that lasts for more than `most`
 * minutes, the rest is counted for the last of these. Gives the number of rows, -1 where they would be more than `room`. */
int64_t levels_sweep(const double *time, const int8_t *step, const uint8_t *kind, int64_t count, int64_t most,
                     struct level *held, struct level *rows, int64_t room)
{
    int64_t open[CLASSES] = {0}, level = 0, highest = 0, found = 0, minute = 0;
    for (int64_t index = 0; index < count; index++) {
        double from = index > 0 ? time[index - 1] : 0, until = time[index];
        if (level > 0 && until > from) {
            int64_t first = minute_of(from), last = minute_of(until);
            last -= (double)last * 60 == until;
            if (last - first > most)
                last = first + most;
            for (int64_t own = first; own <= last; own++) {
                double begin = own == first ? from : (double)own * 60;
                double seconds = (own == last ? until : (double)(own + 1) * 60) - begin;
                if (own != minute) {
                    if (found + highest > room)
                        return -1;
                    found += settle(held, highest, rows + found);
                    minute = own;
                    highest = 0;
                }
                highest = level > highest ? level : highest;
                held[level].minute = own;
                held[level].level = level;
                held[level].seconds += seconds;
                for (int class = 0; class < CLASSES; class++)
                    held[level].slots[class] += (double)open[class] * seconds;
            }
        }
        level += step[index];
        open[kind[index]] += step[index];
    }
    return found + highest > room ? -1 : found + settle(held, highest, rows + found);
}
