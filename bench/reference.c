/* A plain C reference for the bench only: what one would write by hand, three times (by bisection,
   by slots with a step or two, by slots without a branch), in both widths. Answers are checked
   against the law in the same run; nothing is refused here, so it is asked only about what the
   calendar covers.

   open, close: n intervals in order and one beyond all; before[i]: open time before interval i,
   before[n] in all. first[s]: the first interval that closes after the start of slot s (slots of
   2^shift from zero, no longer than the shortest gap); reach[s]: the first interval by whose closing
   s << reach_shift of open time has passed (no longer than the shortest interval).  */
#include <stdint.h>
#include <stddef.h>

#define CALENDAR(T)                                                                              \
typedef struct {                                                                                 \
    int64_t n, zero, shift, reach_shift;                                                         \
    const T *open, *close, *before;                                                              \
    const int32_t *first, *reach;                                                                \
} calendar_##T;

#define BY_BISECTION(T)                                                                          \
static inline int64_t after_##T(const T *sorted, int64_t n, T at) {   /* first above `at` */     \
    const T *base = sorted;                                                                      \
    while (n > 1) { int64_t half = n >> 1; base += (base[half - 1] <= at) ? half : 0; n -= half; } \
    return (base - sorted) + (n == 1 && *base <= at);                                            \
}                                                                                                \
static inline T open_bisect_##T(const calendar_##T *c, T at) {                                   \
    int64_t i = after_##T(c->close, c->n, at);                                                   \
    if (i == c->n) return c->before[i];                                                          \
    return c->before[i] + (at > c->open[i] ? at - c->open[i] : 0);                               \
}                                                                                                \
static inline T due_bisect_##T(const calendar_##T *c, T open_time) {                             \
    int64_t i = after_##T(c->before + 1, c->n, open_time - 1);                                   \
    return c->open[i] + (open_time - c->before[i]);                                              \
}

#define BY_SLOTS(T)                                                                              \
static inline T open_slots_##T(const calendar_##T *c, T at) {                                    \
    int64_t i = c->first[(at - c->zero) >> c->shift];                                            \
    while (i < c->n && c->close[i] <= at) i++;                                                   \
    if (i == c->n) return c->before[i];                                                          \
    return c->before[i] + (at > c->open[i] ? at - c->open[i] : 0);                               \
}                                                                                                \
static inline T due_slots_##T(const calendar_##T *c, T open_time) {                              \
    int64_t i = c->reach[open_time >> c->reach_shift];                                           \
    while (c->before[i + 1] < open_time) i++;                                                    \
    return c->open[i] + (open_time - c->before[i]);                                              \
}

#define BY_CLAMPING(T)                                                                           \
static inline T open_clamp_##T(const calendar_##T *c, T at) {                                    \
    int64_t i = c->first[(at - c->zero) >> c->shift];                                            \
    T since = at - c->open[i], most = c->before[i + 1] - c->before[i];                           \
    since = since < 0 ? 0 : since;                                                               \
    return c->before[i] + (since > most ? most : since);                                         \
}                                                                                                \
static inline T due_clamp_##T(const calendar_##T *c, T open_time) {                              \
    int64_t i = c->reach[open_time >> c->reach_shift];                                           \
    i += c->before[i + 1] < open_time;                                                           \
    return c->open[i] + (open_time - c->before[i]);                                              \
}

#define OVER_COLUMNS(T, HOW)                                                                     \
void elapsed_##HOW##_##T(const calendar_##T *c, int64_t n, const T *start, const T *end, T *out) { \
    for (int64_t i = 0; i < n; i++)                                                              \
        out[i] = open_##HOW##_##T(c, end[i]) - open_##HOW##_##T(c, start[i]);                    \
}                                                                                                \
void deadline_##HOW##_##T(const calendar_##T *c, int64_t n, const T *start, const T *span, T *out) { \
    for (int64_t i = 0; i < n; i++)                                                              \
        out[i] = span[i] > 0 ? due_##HOW##_##T(c, open_##HOW##_##T(c, start[i]) + span[i])       \
                             : start[i];                                                         \
}

/* Verdicts of one promise (SEMANTICS K5, K6, T6, T7) on tickets whose facts lie one after the other:
   the same job as the columns', so a ticket that is not ordinary (F2, F4, F5, K7, K8; questions that
   overlap) is marked hard. `ends` are 256 bytes that say which codes satisfy, `pauses` for which
   parties a question freezes. state: 1 running, 2 paused, 3 met, 4 missed. */
#define VERDICTS(T, HOW)                                                                         \
void verdicts_##HOW##_##T(const calendar_##T *c, int64_t n, const int64_t *first,                \
                          const int8_t *code, const T *happened, const T *recorded,              \
                          const int8_t *party, const int16_t *link, const int32_t *kase,         \
                          const T *target, const uint8_t *ends, const uint8_t *pauses,           \
                          const int8_t *codes, T late_after, T as_of, T nothing,                 \
                          int8_t *state, T *due, T *satisfied, T *spent, uint8_t *hard) {        \
    const int8_t reported = codes[0], question = codes[1], answer = codes[2], odd = codes[3];    \
    for (int64_t t = 0; t < n; t++) {                                                            \
        int64_t f = first[t], last = first[t + 1], end_place = last;                             \
        T start = happened[f], goal = target[kase[t]], before = start, noted = recorded[f];      \
        T point = open_##HOW##_##T(c, start), used = -point, began = 0;                          \
        int16_t asked = 0, number = 0;                                                           \
        int8_t whom = 0;                                                                         \
        int frozen = 0, bad = code[f] != reported;                                               \
        point += goal;                                                                           \
        for (int64_t g = f; g < last; g++) {                                                     \
            int8_t k = code[g];                                                                  \
            T at = happened[g], kept = recorded[g];                                              \
            bad |= (k >= odd) | (kept - at > late_after) | (at < before) |                       \
                   (at == before && kept < noted) | (kept > as_of) | (at > as_of) |              \
                   (k == reported && g > f);                                                     \
            before = at; noted = kept;                                                           \
            if (end_place < last) continue;                                                      \
            if (ends[(uint8_t)k]) { end_place = g; continue; }                                   \
            if (!pauses[(uint8_t)party[g]]) continue;                                            \
            if (k == question) {                                                                 \
                bad |= asked | (link[g] <= number);                                              \
                began = open_##HOW##_##T(c, at);                                                 \
                asked = 1; number = link[g]; whom = party[g];                                    \
            } else if (k == answer) {                                                            \
                bad |= !asked | (link[g] != number) | (party[g] != whom);                        \
                T held = open_##HOW##_##T(c, at) - began;                                        \
                used -= held; asked = 0;                                                         \
                if (began < point) point += held;                                                \
            }                                                                                    \
        }                                                                                        \
        int done = end_place < last;                                                             \
        T end = done ? happened[end_place] : as_of, open_end = open_##HOW##_##T(c, end);         \
        if (asked) {                                                                             \
            used -= open_end - began;                                                            \
            if (began < point) { point += open_end - began; frozen = !done; }                    \
        }                                                                                        \
        T at = goal ? due_##HOW##_##T(c, point) : start;                                         \
        satisfied[t] = done ? end : nothing;                                                     \
        spent[t] = used + open_end;                                                              \
        due[t] = frozen ? nothing : at;                                                          \
        state[t] = frozen ? 2 : at < end ? 4 : done ? 3 : 1;                                     \
        hard[t] = bad;                                                                           \
    }                                                                                            \
}

#define ALL(T)                                                                                   \
    CALENDAR(T) BY_BISECTION(T) BY_SLOTS(T) BY_CLAMPING(T)                                                      \
    OVER_COLUMNS(T, bisect) OVER_COLUMNS(T, slots) OVER_COLUMNS(T, clamp)                                        \
    VERDICTS(T, bisect) VERDICTS(T, slots) VERDICTS(T, clamp)

ALL(int64_t)
ALL(int32_t)
