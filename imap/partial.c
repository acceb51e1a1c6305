/*
 * partial.c - a stretch of results, from the front or from the end
 */
#include "imap/partial.h"

#include "imap/args.h"
#include "imap/folder.h"

static bool read_place(struct imap_args *args, bool from_end,
                       uint32_t *place_out)
{
    uint64_t place;

    if ((from_end && !imap_args_char(args, '-')) ||
        !imap_args_number(args, 1, UINT32_MAX, &place))
        return false;
    *place_out = (uint32_t)place;
    return true;
}

bool imap_partial_read(struct imap_args *args, struct imap_partial *partial_out)
{
    bool from_end = imap_args_next_is(args, '-');

    partial_out->from_end = from_end;
    return read_place(args, from_end, &partial_out->first) &&
           imap_args_char(args, ':') &&
           read_place(args, from_end, &partial_out->last);
}

void imap_partial_place(const struct imap_partial *partial, size_t count,
                        size_t *first_out, size_t *end_out)
{
    bool ascending = partial->first <= partial->last;
    size_t low = ascending ? partial->first : partial->last;
    size_t high = ascending ? partial->last : partial->first;

    low = low > count ? count : low - 1;
    high = high > count ? count : high;
    *first_out = partial->from_end ? count - high : low;
    *end_out = partial->from_end ? count - low : high;
}

void imap_partial_cut(const struct imap_partial *partial,
                      struct imap_messages *messages)
{
    size_t first, end;

    imap_partial_place(partial, messages->count, &first, &end);
    messages->numbers += first;
    messages->uids += first;
    messages->count = end - first;
}
