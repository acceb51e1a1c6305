/*
 * icalendar_mime.c - the MimeContent of events: a bare text/calendar
 */
#include "tests/exchange/icalendar.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form.h"

/* An event that somebody else organizes stays his. */
static void set_organizer(struct sim_item *item, const struct event_read *read)
{
    if (read->organizer == NULL ||
        str_equal_nocase(read->organizer, item->folder->mailbox->address))
        return;
    form_set(item, NULL, 0x0042, TYPE_STRING, read->organizer_name);
    form_set(item, NULL, 0x0065, TYPE_STRING, read->organizer);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_STATE,
                   STATE_MEETING | STATE_RECEIVED);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_RESPONSE, RESPONSE_NONE);
}

const char *event_read_mime(struct call *call, struct sim_item *item,
                            const char *base64, struct event_read *read)
{
    size_t len;
    char *text = base64_decode(call->arena, base64, strlen(base64), &len);
    const char *code;

    if (text == NULL)
        return "ErrorMimeContentInvalidBase64String";
    if (!event_parse(call->arena, text, read))
        return "ErrorMimeContentInvalid";
    code = event_take(call, item, read);
    if (code == NULL)
        set_organizer(item, read);
    return code;
}

void event_put_mime(struct call *call, struct sim_item *item, struct buf *out)
{
    static const struct event_text text = { .method = "PUBLISH",
                                            .proposed_start = TIME_NONE,
                                            .proposed_end = TIME_NONE };

    event_write(call->arena, item, &text, out);
}
