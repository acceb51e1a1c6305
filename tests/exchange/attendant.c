/*
 * attendant.c - the calendar attendant: what comes in about meetings
 *
 * It reads the iCalendar text of a message, whoever has sent it.
 */
#include "tests/exchange/meeting.h"

#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/series.h"

struct sim_item *meeting_find(struct sim_mailbox *mailbox, const char *goid)
{
    struct sim_folder *calendar = sim_folder_by_use(mailbox, "calendar");

    for (size_t i = 0; goid != NULL && i < calendar->count; i++) {
        struct sim_item *item = calendar->items[i];

        if (form_of(item) == FORM_EVENT &&
            str_equal(
                form_get(item, SET_MEETING, MEETING_CLEAN_ID, TYPE_BINARY),
                goid))
            return item;
    }
    return NULL;
}

/* The calendar in a message; NULL if there is none. */
static const char *calendar_of(struct arena *arena,
                               const struct sim_item *message)
{
    struct letter_part *parts;
    size_t count = letter_parts(arena, message->content->data,
                                message->content->len, &parts);

    for (size_t i = 0; i < count; i++)
        if (str_equal(parts[i].type, "text/calendar"))
            return letter_part_text(arena, &parts[i]);
    return NULL;
}

/* --- Invitations --------------------------------------------------------- */

/* Somebody else's meeting, not answered yet. */
static void mark_received(struct sim_item *item, const struct event_read *read)
{
    int64_t busy = form_number(item, SET_APPOINTMENT, EVENT_BUSY, 2);

    form_set(item, NULL, 0x0042, TYPE_STRING, read->organizer_name);
    form_set(item, NULL, 0x0065, TYPE_STRING, read->organizer);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_STATE,
                   STATE_MEETING | STATE_RECEIVED);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_INTENDED, busy);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_RESPONSE, RESPONSE_NONE);
    if (busy != 0)
        bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_BUSY, 1);
}

/* What has been answered stays so where the time is the same. */
struct answer {
    int64_t start;
    int64_t end;
    int64_t response;
    int64_t busy;
    bool given;
};

static struct answer answer_of(const struct sim_item *item)
{
    struct answer answer = {
        .start = form_time(item, SET_APPOINTMENT, EVENT_START),
        .end = form_time(item, SET_APPOINTMENT, EVENT_END),
        .response =
            form_number(item, SET_APPOINTMENT, EVENT_RESPONSE, RESPONSE_NONE),
        .busy = form_number(item, SET_APPOINTMENT, EVENT_BUSY, 1),
    };

    answer.given = answer.response != RESPONSE_NONE;
    return answer;
}

static void keep_answer(struct sim_item *item, const struct answer *answer)
{
    if (!answer->given ||
        answer->start != form_time(item, SET_APPOINTMENT, EVENT_START) ||
        answer->end != form_time(item, SET_APPOINTMENT, EVENT_END))
        return;
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_RESPONSE,
                   answer->response);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_BUSY, answer->busy);
}

static struct sim_item *new_event(struct call *call,
                                  struct sim_mailbox *mailbox)
{
    struct sim_content *empty = sim_content_new("\r\n", 2);
    struct sim_item *item =
        sim_item_add(sim_folder_by_use(mailbox, "calendar"),
                     &(struct sim_item_template){ .content = empty,
                                                  .class = "IPM.Appointment",
                                                  .flags = FLAG_READ,
                                                  .received = time_now(),
                                                  .submitted = TIME_NONE });

    sim_content_unref(&empty);
    event_begin(call, item);
    return item;
}

/* An occurrence of a series that is here. */
static void take_occurrence(struct call *call, struct sim_item *master,
                            const struct event_read *read, int64_t day)
{
    struct sim_item *item = sim_occurrence(call->arena, master, day);
    struct answer answer = answer_of(item);

    if (event_take(call, item, read) != NULL)
        return;
    mark_received(item, read);
    keep_answer(item, &answer);
    if (event_settle(call, item, NULL) == NULL &&
        sim_occurrence_keep(call->arena, item) == NULL)
        sim_item_touch(master);
}

static int64_t day_of(struct arena *arena, const struct sim_item *master,
                      int64_t time)
{
    int64_t wall = sim_zone_to_wall(sim_item_zone(arena, master), time);

    return (wall - ((wall % 86400) + 86400) % 86400) / 86400;
}

static void take_request(struct call *call, struct sim_item *message,
                         struct sim_item *event, const struct event_read *read)
{
    struct sim_mailbox *mailbox = message->folder->mailbox;
    bool here = event != NULL;
    struct answer answer;

    if (str_equal_nocase(read->organizer, mailbox->address) ||
        (here && event_is_own(event)))
        return;
    form_set_true(message, SET_HIDDEN, HIDDEN_UPDATE, here);
    if (here && read->recurrence_id != TIME_NONE && event->series != NULL) {
        take_occurrence(call, event, read,
                        day_of(call->arena, event, read->recurrence_id));
        return;
    }
    if (here && form_number(event, SET_APPOINTMENT, EVENT_SEQUENCE, 0) >
                    read->sequence) {
        form_set_true(message, SET_HIDDEN, HIDDEN_OUTDATED, true);
        return;
    }
    if (!here)
        event = new_event(call, mailbox);
    answer = answer_of(event);
    answer.given = answer.given && here;
    if (event_take(call, event, read) == NULL) {
        mark_received(event, read);
        keep_answer(event, &answer);
        if (event_settle(call, event, NULL) == NULL)
            event_take_exceptions(call, event, read);
    }
    sim_item_touch(event);
}

/* --- Cancellations ------------------------------------------------------- */

static void mark_cancelled(struct call *call, struct sim_item *item)
{
    const char *subject = form_get(item, NULL, 0x0037, TYPE_STRING);
    int64_t state = form_number(item, SET_APPOINTMENT, EVENT_STATE, 0);

    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_STATE,
                   state | STATE_CANCELLED);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_BUSY, 0);
    if (!(state & STATE_CANCELLED))
        form_set(item, NULL, 0x0037, TYPE_STRING,
                 arena_printf(call->arena, "Canceled: %s",
                              subject == NULL ? "" : subject));
}

static void take_cancellation(struct call *call, struct sim_item *event,
                              const struct event_read *read)
{
    struct sim_item *item = event;

    if (event == NULL || event_is_own(event))
        return;
    if (read->recurrence_id != TIME_NONE && event->series != NULL)
        item = sim_occurrence(call->arena, event,
                              day_of(call->arena, event, read->recurrence_id));
    mark_cancelled(call, item);
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_SEQUENCE, read->sequence);
    if (item == event || sim_occurrence_keep(call->arena, item) == NULL)
        sim_item_touch(event);
}

/* --- Answers ------------------------------------------------------------- */

static bool note_answer(struct call *call, struct sim_item *item,
                        const struct event_read *read)
{
    bool found = false;

    for (uint32_t role = HIDDEN_REQUIRED; role <= HIDDEN_RESOURCES; role++) {
        size_t count;
        struct sim_attendee *all =
            attendees_of(call->arena, item, role, &count);

        for (size_t i = 0; i < count; i++)
            if (str_equal_nocase(all[i].address, read->replier)) {
                all[i].response = read->response;
                all[i].replied = read->stamp;
                found = true;
            }
        attendees_set(item, role, all, count);
    }
    return found;
}

static void take_reply(struct call *call, struct sim_item *event,
                       const struct event_read *read)
{
    struct sim_item *item = event;

    if (event == NULL || !event_is_own(event) || read->replier == NULL)
        return;
    if (read->recurrence_id != TIME_NONE && event->series != NULL)
        item = sim_occurrence(call->arena, event,
                              day_of(call->arena, event, read->recurrence_id));
    if (note_answer(call, item, read) &&
        (item == event || sim_occurrence_keep(call->arena, item) == NULL))
        sim_item_touch(event);
}

/* --- All of it ----------------------------------------------------------- */

/* The message shows what it is about; its own subject and text stay. */
static void describe(struct call *call, struct sim_item *message,
                     const struct event_read *read)
{
    event_take(call, message, read);
    form_remove(message, NULL, 0x0037, TYPE_STRING);
    form_remove(message, NULL, 0x1000, TYPE_STRING);
    form_set_time(message, SET_MEETING, MEETING_STAMP, read->stamp);
    bag_set_number(&message->bag, SET_APPOINTMENT, EVENT_RESPONSE,
                   str_equal(read->method, "REPLY") ? (int64_t)read->response
                                                    : RESPONSE_NONE);
    bag_set_number(
        &message->bag, SET_APPOINTMENT, EVENT_STATE,
        STATE_MEETING | STATE_RECEIVED |
            (str_equal(read->method, "CANCEL") ? STATE_CANCELLED : 0));
    bag_set_number(&message->bag, SET_APPOINTMENT, EVENT_INTENDED,
                   form_number(message, SET_APPOINTMENT, EVENT_BUSY, 2));
    if (read->organizer != NULL) {
        form_set(message, NULL, 0x0042, TYPE_STRING, read->organizer_name);
        form_set(message, NULL, 0x0065, TYPE_STRING, read->organizer);
    }
}

void attendant_receive(struct sim_item *message)
{
    struct sim_mailbox *mailbox = message->folder->mailbox;
    struct call call = { .exchange = mailbox->exchange,
                         .user = mailbox,
                         .arena = arena_new(),
                         .version = SCHEMA_2016 };
    const char *text = form_of(message) == FORM_MEETING
                           ? calendar_of(call.arena, message)
                           : NULL;
    struct event_read read;
    struct sim_item *event;

    if (text != NULL && event_parse(call.arena, text, &read) &&
        read.uid != NULL) {
        describe(&call, message, &read);
        event = meeting_find(mailbox, goid_of_uid(call.arena, read.uid));
        if (str_equal_nocase(read.method, "REQUEST") && read.organizer != NULL)
            take_request(&call, message, event, &read);
        else if (str_equal_nocase(read.method, "CANCEL"))
            take_cancellation(&call, event, &read);
        else if (str_equal_nocase(read.method, "REPLY"))
            take_reply(&call, event, &read);
    }
    arena_free(&call.arena);
}
