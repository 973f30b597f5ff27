/* Values counted by bucket, as buckets.py wants it; in the same library as columns.c. */

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Counts values in buckets (buckets.py): bucket n has those from bounds[n - 1] up to, but without, bounds[n].
 * `guess` has, for each of the numbers that the upper 17 bits of a double make, counted from `lowest` on, the bucket of
 * the smallest double that begins so: those below have bucket 0, those above, and what is no number, bucket `most`. */
void buckets_count(const double *values, int64_t count, const double *bounds, int64_t most, const int32_t *guess,
                   int64_t lowest, int64_t guesses, int64_t *counts)
{
    for (int64_t index = 0; index < count; index++) {
        double value = values[index];
        int64_t bits, bucket = 0;
        memcpy(&bits, &value, sizeof bits);
        bits = (bits >> 47) - lowest;
        if (isnan(value) || bits >= guesses)
            bucket = most;
        else if (bits >= 0)
            for (bucket = guess[bits]; bucket < most && bounds[bucket] <= value; bucket++)
                ;
        counts[bucket]++;
    }
}
