/*
 * meeting.c - invitations, what comes back, and what is called off
 */
#include "tests/exchange/meeting.h"

#include "proxy/base/str.h"
#include "tests/exchange/calendar_fields.h"

const char *meeting_invite(struct call *call, struct sim_item *item,
                           const char *how)
{
    (void)call;
    (void)item;
    return str_equal(how, "SendToNone") ? NULL : NULL;
}

const char *meeting_update(struct call *call, struct sim_item *item,
                           const struct property_bag *before, const char *how)
{
    (void)call;
    (void)item;
    (void)before;
    (void)how;
    return NULL;
}

void meeting_cancel(struct call *call, struct sim_item *item, const char *how,
                    const struct node *body)
{
    (void)call;
    (void)item;
    (void)how;
    (void)body;
}

void meeting_put_responses(struct call *call, struct sim_item *item)
{
    (void)call;
    (void)item;
}

const char *event_read_mime(struct call *call, struct sim_item *item,
                            const char *base64)
{
    (void)call;
    (void)item;
    (void)base64;
    return "ErrorMimeContentConversionFailed";
}

void event_put_mime(struct call *call, struct sim_item *item, struct buf *out)
{
    (void)call;
    (void)item;
    (void)out;
}

void meeting_put_item(struct call *call, const struct field *field,
                      struct sim_item *item)
{
    (void)call;
    (void)field;
    (void)item;
}

const char *meeting_read_no(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    (void)item;
    return "false";
}

const char *meeting_read_outdated(struct arena *arena, struct sim_item *item)
{
    return meeting_read_no(arena, item);
}

const char *meeting_read_processed(struct arena *arena, struct sim_item *item)
{
    return meeting_read_no(arena, item);
}

const char *meeting_read_response(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    (void)item;
    return "Unknown";
}
