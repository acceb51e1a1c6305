/*
 * method_post.c - POST: questions about when others are busy, attachments
 *
 * RFC 6638, 5 and 6: a VFREEBUSY for any number of people is one question to
 * Exchange for a hundred of them, and everyone of them is answered for, also
 * those whom nobody knows.  Invitations need no POST: Exchange sends them when
 * the event is written.
 */
#include <string.h>

#include "caldav/attachment.h"
#include "caldav/href.h"
#include "caldav/names.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/schedule.h"
#include "proxy/format/ical_busy.h"
#include "proxy/format/xml.h"

/* clang-format off */
static const struct {
    enum status status;
    const char *words;
} request_states[] = {
    { STATUS_OK,        "2.0;Success" },
    { STATUS_NOT_FOUND, "3.7;Invalid calendar user" },
    { STATUS_DENIED,    "3.8;No authority" },
};
/* clang-format on */

/* RFC 5546, 3.6; all other troubles pass: 5.1 is "service unavailable". */
static const char *request_state(enum status status)
{
    for (size_t i = 0; i < sizeof request_states / sizeof *request_states; i++)
        if (request_states[i].status == status)
            return request_states[i].words;
    return "5.1;Service unavailable";
}

static void put_person(struct dav_call *call, struct xml_writer *writer,
                       const struct ical_busy_request *request, size_t nth,
                       const struct busy_person *person)
{
    struct ical_periods periods = { .arena = call->op->arena,
                                    .from = request->from,
                                    .to = request->to };

    xml_open(writer, "C:response");
    xml_open(writer, "C:recipient");
    xml_element(writer, "D:href", request->uris[nth]);
    xml_close(writer);
    xml_element(writer, "C:request-status", request_state(person->status));
    if (person->status == STATUS_OK) {
        for (size_t i = 0; i < person->count; i++)
            ical_periods_add(&periods, person->times[i].from,
                             person->times[i].to, person->times[i].busy);
        ical_periods_merge(&periods);
        xml_element(writer, "C:calendar-data",
                    ical_write_busy(&periods, request, nth));
    }
    xml_close(writer);
}

static enum status answer(struct dav_call *call,
                          const struct ical_busy_request *request,
                          const struct busy_person *people)
{
    struct xml_writer writer;

    dav_reply_begin(call->reply, 200, "application/xml; charset=utf-8");
    xml_writer_init(&writer, &call->reply->body);
    buf_puts(&call->reply->body,
             "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    dav_open_root(&writer, "C:schedule-response");
    for (size_t i = 0; i < request->attendee_count; i++) {
        put_person(call, &writer, request, i, &people[i]);
        dav_reply_flow(call->reply);
    }
    xml_close(&writer);
    dav_reply_end(call->reply);
    return STATUS_OK;
}

/* What says nothing of itself is taken for what it has to be. */
static bool is_calendar(const struct dav_call *call)
{
    const char *type = dav_header(call, "Content-Type");
    size_t len = type != NULL ? strcspn(type, "; \t") : 0;

    return len == 0 || str_is_nocase(type, len, "text/calendar");
}

static enum status ask_who_is_busy(struct dav_call *call)
{
    struct op *op = call->op;
    struct ical_busy_request request = { 0 };
    const char *reason = NULL;
    size_t len;

    if (!is_calendar(call))
        return dav_refuse(call, 403, "C:supported-calendar-data", NULL);
    const char *text = dav_body_text(op->arena, call->request->body, &len);
    enum ical_problem problem =
        ical_read_busy_request(op->arena, text, len, &request, &reason);

    if (problem != ICAL_FINE)
        return dav_refuse(call, 403,
                          problem == ICAL_SYNTAX ? "C:valid-calendar-data"
                                                 : "C:valid-scheduling-message",
                          reason);
    struct busy_person *people =
        arena_array(op->arena, request.attendee_count + 1, sizeof *people);
    enum status status =
        schedule_busy(op, call->account, request.attendees,
                      request.attendee_count, request.from, request.to, people);
    return status == STATUS_OK ? answer(call, &request, people) : status;
}

enum status dav_method_post(struct dav_call *call)
{
    const char *query = dav_href_query(call->request->target);

    if ((DAV_KIND(call->place.kind) & DAV_FOLDERS) != 0)
        return dav_add_member(call);
    if (call->place.kind == DAV_OUTBOX)
        return ask_who_is_busy(call);
    if (query != NULL && strstr(query, "action=") != NULL)
        return dav_attachment_post(call, query);
    return dav_refuse(call, 400, NULL, "There is nothing to post here");
}
