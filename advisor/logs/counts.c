/* How often each message came, and in which minute, as counts.py wants it; in the same library as columns.c. */

#include <math.h>
#include <stdint.h>

static inline int64_t minute_of(double time)
{
    int64_t minute = (int64_t)(time / 60);
    return minute - ((double)minute * 60 > time);
}

/* Counts lines by tag and row of the grammar (of which there are `rows`), and finds their first and last minute since
 * the epoch; `last` is less than `first` where no line has a time. */
void counts_codes(const uint16_t *tag, const int32_t *row, const double *time, int64_t count, int64_t rows,
                  int64_t *counts, int64_t *first, int64_t *last)
{
    double least = INFINITY, most = -INFINITY;
    for (int64_t index = 0; index < count; index++) {
        counts[tag[index] * rows + row[index]]++;
        least = time[index] < least ? time[index] : least;
        most = time[index] > most ? time[index] : most;
    }
    *first = least <= most ? minute_of(least) : 0;
    *last = least <= most ? minute_of(most) : -1;
}

/* Counts lines by minute, from `first` on: all of them, and those of each tag and row of which `begins` says where
 * their own minutes begin in `cells`; it says -1 of the others. */
void counts_minutes(const uint16_t *tag, const int32_t *row, const double *time, int64_t count, int64_t rows,
                    const int64_t *begins, int64_t first, int64_t *minutes, int64_t *cells)
{
    for (int64_t index = 0; index < count; index++) {
        int64_t begin = begins[tag[index] * rows + row[index]], minute;
        if (isnan(time[index]))
            continue;
        minute = minute_of(time[index]) - first;
        minutes[minute]++;
        if (begin >= 0)
            cells[begin + minute]++;
    }
}
