/*
 * meeting.c - what an organizer tells the others
 */
#include "tests/exchange/meeting.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/series.h"
#include "tests/exchange/store.h"

/* --- Messages ------------------------------------------------------------ */

static void put_to(struct buf *out, const char *const to[])
{
    buf_puts(out, "To: ");
    for (size_t i = 0; to[i] != NULL; i++)
        buf_printf(out, "%s<%s>", i == 0 ? "" : ",\r\n\t", to[i]);
    buf_puts(out, "\r\n");
}

/* "Accepted: Plan" */
static const char *subject_of(struct arena *arena, const struct sim_item *item,
                              const struct event_text *text)
{
    const char *subject = form_get(item, NULL, 0x0037, TYPE_STRING);
    const char *prefix = "";

    if (str_equal(text->method, "CANCEL"))
        prefix = "Canceled: ";
    else if (str_equal(text->method, "REPLY"))
        prefix = text->response == RESPONSE_ACCEPTED    ? "Accepted: "
                 : text->response == RESPONSE_TENTATIVE ? "Tentative: "
                                                        : "Declined: ";
    return arena_printf(arena, "%s%s", prefix, subject == NULL ? "" : subject);
}

/* Quoted-printable would be shorter; nobody reads it as it stands. */
static void put_encoded(struct buf *out, const char *data, size_t len)
{
    for (size_t at = 0; at < len; at += 57) {
        size_t n = len - at < 57 ? len - at : 57;
        char line[80];

        buf_append(out, line, base64_encode(data + at, n, line));
        buf_puts(out, "\r\n");
    }
}

static struct sim_content *message(struct arena *arena, struct sim_item *item,
                                   const struct event_text *text,
                                   const char *const to[])
{
    const struct sim_mailbox *sender =
        text->replier != NULL ? text->replier : item->folder->mailbox;
    const char *body = text->comment != NULL
                           ? text->comment
                           : form_get(item, NULL, 0x1000, TYPE_STRING);
    struct buf calendar;
    struct buf out;

    buf_init(&calendar, arena);
    event_write(arena, item, text, &calendar);
    buf_init(&out, arena);
    buf_printf(&out, "From: %s <%s>\r\n",
               letter_encode_words(arena, sender->display_name),
               sender->address);
    put_to(&out, to);
    buf_printf(&out, "Subject: %s\r\n",
               letter_encode_words(arena, subject_of(arena, item, text)));
    buf_puts(&out,
             "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n"
             "\tboundary=\"_meeting_\"\r\n\r\n--_meeting_\r\n"
             "Content-Type: text/plain; charset=\"utf-8\"\r\n"
             "Content-Transfer-Encoding: base64\r\n\r\n");
    if (body != NULL)
        put_encoded(&out, body, strlen(body));
    buf_printf(&out,
               "\r\n--_meeting_\r\nContent-Type: text/calendar; "
               "charset=\"utf-8\"; method=%s\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n",
               text->method);
    put_encoded(&out, calendar.data, calendar.len);
    buf_puts(&out, "\r\n--_meeting_--\r\n");
    return sim_content_new(out.data, out.len);
}

const char **meeting_addresses(struct arena *arena, const struct sim_item *item)
{
    size_t total = 0;
    const char **list;

    for (uint32_t role = HIDDEN_REQUIRED; role <= HIDDEN_RESOURCES; role++) {
        size_t count;

        attendees_of(arena, item, role, &count);
        total += count;
    }
    list = arena_array(arena, total + 1, sizeof *list);
    total = 0;
    for (uint32_t role = HIDDEN_REQUIRED; role <= HIDDEN_RESOURCES; role++) {
        size_t count;
        struct sim_attendee *all = attendees_of(arena, item, role, &count);

        for (size_t i = 0; i < count; i++)
            list[total++] = all[i].address;
    }
    return list;
}

const char *meeting_send(struct arena *arena, struct sim_item *item,
                         const struct event_text *text, const char *const to[],
                         bool save_copy)
{
    struct sim_mailbox *owner = item->folder->mailbox;
    struct sim_submission submission = {
        .sender = owner,
        .save_to = save_copy ? sim_folder_by_use(owner, "sentitems") : NULL,
    };
    struct sim_item *copy;
    const char *code;

    if (to[0] == NULL)
        return NULL;
    submission.content = message(arena, item, text, to);
    code = submit_code(sim_submit(&submission, &copy));
    sim_content_unref(&submission.content);
    return code;
}

/* --- Telling ------------------------------------------------------------- */

static bool tells(const char *how)
{
    return how != NULL && !str_equal(how, "SendToNone");
}

static bool keeps_copy(const char *how)
{
    return str_ends_nocase(how, "AndSaveCopy");
}

/* A request about an occurrence has its master's mark. */
static void set_sent(struct sim_item *item)
{
    form_set_true(item, SET_APPOINTMENT, EVENT_SENT, true);
}

const char *meeting_invite(struct call *call, struct sim_item *item,
                           const char *how)
{
    static const struct event_text text = { .method = "REQUEST",
                                            .proposed_start = TIME_NONE,
                                            .proposed_end = TIME_NONE };
    const char **to = meeting_addresses(call->arena, item);

    if (!tells(how) || !event_is_own(item) || to[0] == NULL)
        return NULL;
    set_sent(item);
    return meeting_send(call->arena, item, &text, to, keeps_copy(how));
}

static bool is_in(const char *address, const char *const list[])
{
    for (size_t i = 0; list[i] != NULL; i++)
        if (str_equal_nocase(list[i], address))
            return true;
    return false;
}

/* Those of a list that are not in another. */
static const char **without(struct arena *arena, const char *const list[],
                            const char *const other[])
{
    size_t count = 0;
    const char **rest;

    while (list[count] != NULL)
        count++;
    rest = arena_array(arena, count + 1, sizeof *rest);
    count = 0;
    for (size_t i = 0; list[i] != NULL; i++)
        if (!is_in(list[i], other))
            rest[count++] = list[i];
    return rest;
}

static bool differs(const struct sim_item *item,
                    const struct property_bag *before, uint32_t number,
                    enum property_type type)
{
    struct property_key key = { SET_APPOINTMENT, number, NULL, type };
    const struct property *was = bag_find(before, &key);

    return !str_equal(was == NULL ? NULL : was->texts[0],
                      form_get(item, SET_APPOINTMENT, number, type));
}

/* What has been answered was about another time. */
static void forget_answers(struct arena *arena, struct sim_item *item)
{
    for (uint32_t role = HIDDEN_REQUIRED; role <= HIDDEN_RESOURCES; role++) {
        size_t count;
        struct sim_attendee *all = attendees_of(arena, item, role, &count);

        for (size_t i = 0; i < count; i++) {
            all[i].response = RESPONSE_UNKNOWN;
            all[i].replied = TIME_NONE;
        }
        attendees_set(item, role, all, count);
    }
}

const char *meeting_update(struct call *call, struct sim_item *item,
                           const struct property_bag *before, const char *how)
{
    static const struct event_text request = { .method = "REQUEST",
                                               .proposed_start = TIME_NONE,
                                               .proposed_end = TIME_NONE };
    static const struct event_text cancel = { .method = "CANCEL",
                                              .proposed_start = TIME_NONE,
                                              .proposed_end = TIME_NONE };
    struct sim_item was = { .bag = *before };
    const char **now = meeting_addresses(call->arena, item);
    const char **then = meeting_addresses(call->arena, &was);
    const char **gone = without(call->arena, then, now);
    const char **come = without(call->arena, now, then);
    bool moved = differs(item, before, EVENT_START, TYPE_SYSTEM_TIME) ||
                 differs(item, before, EVENT_END, TYPE_SYSTEM_TIME) ||
                 (item->series != NULL && call->set_rule == item->series);
    bool to_all = strstr(how, "ToAll") != NULL;
    const char *code;

    if (!tells(how) || !event_is_own(item) ||
        (now[0] == NULL && then[0] == NULL))
        return NULL;
    if (moved && to_all) {
        bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_SEQUENCE,
                       form_number(item, SET_APPOINTMENT, EVENT_SEQUENCE, 0) +
                           1);
        forget_answers(call->arena, item);
    }
    form_set_time(item, SET_MEETING, MEETING_STAMP, time_now());
    set_sent(item);
    if (item->master != NULL &&
        (code = sim_occurrence_keep(call->arena, item)) != NULL)
        return code;
    code = meeting_send(call->arena, item, &cancel, gone, keeps_copy(how));
    if (code == NULL)
        code = meeting_send(call->arena, item, &request, to_all ? now : come,
                            keeps_copy(how));
    return code;
}

void meeting_cancel(struct call *call, struct sim_item *item, const char *how,
                    const struct node *body)
{
    struct event_text text = { .method = "CANCEL",
                               .comment = body == NULL ? NULL : body->text,
                               .proposed_start = TIME_NONE,
                               .proposed_end = TIME_NONE };

    if (!tells(how) || !event_is_own(item) ||
        !form_true(item, SET_APPOINTMENT, EVENT_SENT))
        return;
    bag_set_number(&item->bag, SET_APPOINTMENT, EVENT_SEQUENCE,
                   form_number(item, SET_APPOINTMENT, EVENT_SEQUENCE, 0) + 1);
    meeting_send(call->arena, item, &text, meeting_addresses(call->arena, item),
                 keeps_copy(how));
}
