/*
 * meeting_answer.c - answers to meetings: accepting, declining, calling off
 */
#include "tests/exchange/meeting.h"

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/calendar_fields.h"
#include "tests/exchange/form.h"
#include "tests/exchange/series.h"

#include <string.h>

/* clang-format off */
static const struct kind {
    const char *element;
    enum sim_response response;
    const char *organizer_code;
    const char *cancelled_code;
} kinds[] = {
    { "AcceptItem", RESPONSE_ACCEPTED, "ErrorCalendarIsOrganizerForAccept", "ErrorCalendarIsCancelledForAccept" },
    { "TentativelyAcceptItem", RESPONSE_TENTATIVE, "ErrorCalendarIsOrganizerForTentative", "ErrorCalendarIsCancelledForTentative" },
    { "DeclineItem", RESPONSE_DECLINED, "ErrorCalendarIsOrganizerForDecline", "ErrorCalendarIsCancelledForDecline" },
    { "CancelCalendarItem", RESPONSE_ORGANIZER, NULL, NULL },
    { "RemoveItem", RESPONSE_NONE, "ErrorCalendarIsOrganizerForRemove", NULL },
};
/* clang-format on */

static const struct kind *kind_of(const struct node *element)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (node_is(element, kinds[i].element))
            return &kinds[i];
    return NULL;
}

bool meeting_is_response(const struct node *element)
{
    return kind_of(element) != NULL;
}

/* The event that a message is about. */
static struct sim_item *event_of(struct sim_item *message)
{
    return meeting_find(
        message->folder->mailbox,
        form_get(message, SET_MEETING, MEETING_CLEAN_ID, TYPE_BINARY));
}

/* --- Carrying out -------------------------------------------------------- */

static int64_t state_of(const struct sim_item *item)
{
    return form_number(item, SET_APPOINTMENT, EVENT_STATE, 0);
}

/* Keeps a change of an event, which may be an occurrence. */
static const char *keep(struct call *call, struct sim_item *item)
{
    struct sim_item *kept = item->master == NULL ? item : item->master;
    const char *code =
        item->master == NULL ? NULL : sim_occurrence_keep(call->arena, item);

    if (code == NULL)
        sim_item_touch(kept);
    item->tick = kept->tick;
    return code;
}

/* An event goes to the trash; an occurrence is taken out of its series. */
static void discard(struct sim_item *item)
{
    if (item->master == NULL) {
        sim_item_dispose(item, DISPOSE_TO_TRASH);
    } else {
        sim_occurrence_remove(item->master, item->day);
        sim_item_touch(item->master);
    }
}

static void set_answer(struct sim_item *item, enum sim_response response)
{
    int64_t intended = form_number(item, SET_APPOINTMENT, EVENT_INTENDED, 2);

    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_RESPONSE, response);
    form_set_time(item, SET_APPOINTMENT, EVENT_REPLIED, time_now());
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_BUSY,
                   response == RESPONSE_TENTATIVE && intended != 0 ? 1
                                                                   : intended);
}

static const char *tell_organizer(struct call *call, const struct node *element,
                                  struct sim_item *item,
                                  enum sim_response response,
                                  const char *disposition)
{
    const char *to[] = { form_get(item, NULL, 0x0065, TYPE_STRING), NULL };
    struct event_text text = {
        .method = "REPLY",
        .replier = item->folder->mailbox,
        .response = response,
        .comment = node_text(element, "Body"),
        .proposed_start = TIME_NONE,
        .proposed_end = TIME_NONE,
    };

    if (str_equal(disposition, "SaveOnly") || to[0] == NULL)
        return NULL;
    return meeting_send(call->arena, item, &text, to,
                        str_equal(disposition, "SendAndSaveCopy"));
}

static const char *answer(struct call *call, const struct node *element,
                          const struct kind *kind, struct sim_item *item,
                          struct sim_item **item_out)
{
    const char *disposition =
        node_attribute(call->request, "MessageDisposition");
    const char *code;

    if (disposition == NULL)
        return "ErrorMessageDispositionRequired";
    if (event_is_own(item))
        return kind->organizer_code;
    if (state_of(item) & STATE_CANCELLED)
        return kind->cancelled_code;
    code = tell_organizer(call, element, item, kind->response, disposition);
    if (code != NULL)
        return code;
    if (kind->response == RESPONSE_DECLINED) {
        discard(item);
        return NULL;
    }
    set_answer(item, kind->response);
    code = keep(call, item);
    *item_out = code == NULL ? item : NULL;
    return code;
}

static const char *call_off(struct call *call, const struct node *element,
                            struct sim_item *item)
{
    if (!event_is_own(item))
        return "ErrorCalendarIsNotOrganizer";
    meeting_cancel(call, item, "SendToAllAndSaveCopy",
                   node_child(element, "NewBodyContent"));
    discard(item);
    return NULL;
}

static const char *respond(struct call *call, const struct node *element,
                           struct sim_item *reference,
                           struct sim_item **item_out)
{
    const struct kind *kind = kind_of(element);
    bool message = form_of(reference) == FORM_MEETING;
    struct sim_item *item = message ? event_of(reference) : reference;
    const char *code;

    if (message && form_true(reference, SET_HIDDEN, HIDDEN_OUTDATED))
        return "ErrorCalendarMeetingRequestIsOutOfDate";
    if (item == NULL || form_of(item) != FORM_EVENT)
        return message ? "ErrorItemNotFound" : "ErrorInvalidReferenceItem";
    if (kind->response == RESPONSE_ORGANIZER) {
        code = call_off(call, element, item);
    } else if (kind->response == RESPONSE_NONE) {
        code = event_is_own(item) ? kind->organizer_code : NULL;
        if (code == NULL)
            discard(item);
    } else {
        code = answer(call, element, kind, item, item_out);
    }
    /* What has been dealt with leaves the Inbox. */
    if (code == NULL && message)
        sim_item_dispose(reference, DISPOSE_TO_TRASH);
    return code;
}

const char *meeting_respond(struct call *call, const struct node *element,
                            struct sim_item **item_out)
{
    const struct node *id = node_child(element, "ReferenceItemId");
    struct sim_item *reference;
    const char *code = NULL;

    if (id == NULL)
        return "ErrorMissingInformationReferenceItemId";
    reference = call_item(call, id, WANT_EDIT, &code, NULL);
    return code == NULL ? respond(call, element, reference, item_out) : code;
}

void meeting_put_responses(struct call *call, struct sim_item *item)
{
    bool meeting = state_of(item) & STATE_MEETING;
    struct buf *out = &call->out;

    buf_puts(out, "<t:ResponseObjects>");
    if (meeting && event_is_own(item))
        buf_puts(out, "<t:CancelCalendarItem/>");
    if (meeting && !event_is_own(item) && state_of(item) & STATE_CANCELLED)
        buf_puts(out, "<t:RemoveItem/>");
    else if (meeting && !event_is_own(item))
        buf_puts(out, "<t:AcceptItem/><t:TentativelyAcceptItem/>"
                      "<t:DeclineItem/>");
    buf_puts(out, "<t:ForwardItem/></t:ResponseObjects>");
}

/* --- What messages about meetings show ----------------------------------- */

void meeting_put_item(struct call *call, const struct field *field,
                      struct sim_item *item)
{
    struct sim_item *event = event_of(item);

    if (event != NULL)
        put_item_id(call, arena_printf(call->arena, "t:%s", field->element),
                    event);
}

const char *meeting_read_no(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    (void)item;
    return "false";
}

const char *meeting_read_outdated(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return form_true(item, SET_HIDDEN, HIDDEN_OUTDATED) ? "true" : "false";
}

/* The attendant has, before anybody could look. */
const char *meeting_read_processed(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return form_get(item, SET_MEETING, MEETING_ID, TYPE_BINARY) != NULL
               ? "true"
               : "false";
}

const char *meeting_read_response(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return sim_responses[form_number(item, SET_APPOINTMENT, EVENT_RESPONSE,
                                     RESPONSE_UNKNOWN) %
                         6];
}

const char *meeting_read_type(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    if (form_true(item, SET_HIDDEN, HIDDEN_OUTDATED))
        return "Outdated";
    return form_true(item, SET_HIDDEN, HIDDEN_UPDATE) ? "FullUpdate"
                                                      : "NewMeetingRequest";
}
