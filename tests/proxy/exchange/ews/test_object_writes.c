/*
 * test_object_writes.c - only what differs is written, in as few calls as
 * possible, and what became of it is told honestly
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/proxy/exchange/ews/scene.h"

static const struct remote_objects *slots(void)
{
    return ews_backend.objects;
}

static struct when at(const char *text)
{
    return (struct when){ WHEN_ZONED, time_from_iso(text),
                          zone_iana("Europe/Berlin") };
}

static struct when day(const char *text, const char *zone)
{
    return (struct when){ WHEN_DATE, time_from_iso(text), zone_iana(zone) };
}

static const struct remote_object object = { .id = "i",
                                             .change_key = "key",
                                             .kind = REMOTE_EVENT };

static struct event plain_event(void)
{
    return (struct event){
        .start = at("2024-05-06T07:00:00Z"),
        .end = at("2024-05-06T08:00:00Z"),
        .summary = "Tea",
        .description = "text",
        .html = "<p>text</p>",
        .busy = BUSY_BUSY,
        .importance = IMPORTANCE_NORMAL,
    };
}

/* --- What is in a change -------------------------------------------------- */

static void set_summary(struct event *event)
{
    event->summary = "Coffee";
}

static void set_text(struct event *event)
{
    event->description = "other";
}

static void set_page(struct event *event)
{
    event->description = "other";
    event->html = "<p>other</p>";
}

static void drop_page(struct event *event)
{
    event->html = NULL;
}

static void empty_body(struct event *event)
{
    event->description = event->html = NULL;
}

static void set_end(struct event *event)
{
    event->end.instant += 3600;
}

static void set_day(struct event *event)
{
    event->start = day("2024-05-06T00:00:00Z", "Asia/Tokyo");
    event->end = day("2024-05-07T00:00:00Z", "Asia/Tokyo");
}

static void set_reminder(struct event *event)
{
    event->reminder = true;
    event->reminder_minutes = 30;
}

static struct attendee guests[] = {
    { .address = "bob@example.com", .name = "Bob", .rsvp = true },
    { .address = "Me@example.com" },
};

static void set_attendees(struct event *event)
{
    event->organizer = "me@example.com";
    event->attendees = guests;
    event->attendee_count = 2;
}

static void change_nothing(struct event *event)
{
    (void)event;
}

/* clang-format off */
static const struct {
    const char *name;
    void (*change)(struct event *event);
    enum remote_notice notice;
    const char *kept;
    size_t fields; /* set or deleted; 0: there is no call */
    const char *parts[6];
} changes[] = {
    { "nothing", change_nothing, REMOTE_NOTICE_ALL, NULL, 0, { NULL } },
    { "a client's text", change_nothing, REMOTE_NOTICE_NONE, "BEGIN", 1, { "postern-object", "\"SendToNone\"" } },
    { "a client's text that others shall know of", change_nothing, REMOTE_NOTICE_ALL, "BEGIN", 1, { "postern-object", "\"SendToAllAndSaveCopy\"" } },
    { "a text that goes", change_nothing, REMOTE_NOTICE_ALL, "", 1, { "<t:DeleteItemField><t:ExtendedFieldURI DistinguishedPropertySetId=\"PublicStrings\" PropertyName=\"postern-object\"" } },
    { "the summary", set_summary, REMOTE_NOTICE_NONE, NULL, 1, { "<t:SetItemField><t:FieldURI FieldURI=\"item:Subject\"/><t:CalendarItem><t:Subject>Coffee</t:Subject>",
      "ConflictResolution=\"NeverOverwrite\"", "<t:ItemId Id=\"i\" ChangeKey=\"key\"/>", "\"SendToNone\"" } },
    { "a change for all", set_summary, REMOTE_NOTICE_ALL, NULL, 1, { "\"SendToAllAndSaveCopy\"" } },
    { "a change for some", set_summary, REMOTE_NOTICE_CHANGED, NULL, 1, { "\"SendToChangedAndSaveCopy\"" } },
    { "a text instead of a page", set_text, REMOTE_NOTICE_NONE, NULL, 1, { "<t:Body BodyType=\"Text\">other</t:Body>" } },
    { "another page", set_page, REMOTE_NOTICE_NONE, NULL, 1, { "<t:Body BodyType=\"HTML\">&lt;p&gt;other&lt;/p&gt;</t:Body>" } },
    { "the same text without its page", drop_page, REMOTE_NOTICE_NONE, NULL, 0, { NULL } },
    { "no body any more", empty_body, REMOTE_NOTICE_NONE, NULL, 1, { "<t:Body BodyType=\"Text\"></t:Body>" } },
    { "all times at once", set_end, REMOTE_NOTICE_NONE, NULL, 5, { "2024-05-06T07:00:00Z</t:Start>", "2024-05-06T09:00:00Z</t:End>", ">false</t:IsAllDayEvent>",
      "<t:StartTimeZone Id=\"W. Europe Standard Time\"/>", "<t:EndTimeZone Id=\"W. Europe Standard Time\"/>" } },
    { "a day by its midnights", set_day, REMOTE_NOTICE_NONE, NULL, 5, { "2024-05-05T15:00:00Z</t:Start>", "2024-05-06T15:00:00Z</t:End>", ">true</t:IsAllDayEvent>",
      "<t:StartTimeZone Id=\"Tokyo Standard Time\"/>" } },
    { "a reminder", set_reminder, REMOTE_NOTICE_NONE, NULL, 2, { ">true</t:ReminderIsSet>", ">30</t:ReminderMinutesBeforeStart>" } },
    { "guests without the organizer", set_attendees, REMOTE_NOTICE_CHANGED, NULL, 4, { ">true</t:IsResponseRequested>",
      "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:Name>Bob</t:Name><t:EmailAddress>bob@example.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>",
      "<t:DeleteItemField><t:FieldURI FieldURI=\"calendar:Resources\"/></t:DeleteItemField>" } },
};
/* clang-format on */

Test(ews_object_writes, write_only_what_differs, .timeout = 600)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct series was = { .has_master = true, .master = plain_event() };
        struct series shall = was;
        struct remote_object_extras extras = { .kept = changes[i].kept,
                                               .notice = changes[i].notice };
        struct remote_result result;
        struct scene s;

        scene_begin(&s, BUILD_2016);
        changes[i].change(&shall.master);
        cr_expect_eq(slots()->event_update(s.op, s.remote, &object, &was,
                                           &shall, &extras, &result),
                     STATUS_OK, "%s", changes[i].name);
        const char *body = scene_body(&s);
        cr_expect_eq(s.calls, changes[i].fields > 0, "%s", changes[i].name);
        cr_expect_eq(responder_count(body, "<t:SetItemField>") +
                         responder_count(body, "<t:DeleteItemField>"),
                     changes[i].fields, "%s: %s", changes[i].name, body);
        for (size_t p = 0; p < 6 && changes[i].parts[p] != NULL; p++)
            cr_expect_not_null(strstr(body, changes[i].parts[p]),
                               "%s lacks %s: %s", changes[i].name,
                               changes[i].parts[p], body);
        cr_expect_str_eq(result.change_key, s.calls > 0 ? "k2" : "key");
        scene_end(&s);
    }
}

/* --- Series --------------------------------------------------------------- */

static struct recurrence daily(void)
{
    return (struct recurrence){ .pattern = REPEAT_DAILY,
                                .interval = 1,
                                .begin = day("2024-05-06T00:00:00Z",
                                             "Europe/Berlin") };
}

static struct event exception_at(const char *text)
{
    struct event event = plain_event();

    event.occurrence = event.start = event.end = at(text);
    event.end.instant += 3600;
    event.summary = "Other";
    return event;
}

Test(ews_object_writes, find_the_days_of_a_series_without_asking)
{
    struct recurrence rule = daily();
    struct event exceptions[2] = { exception_at("2024-05-09T07:00:00Z"),
                                   exception_at("2024-05-10T07:00:00Z") };
    struct when gone = at("2024-05-07T07:00:00Z");
    struct series was = { .has_master = true,
                          .master = plain_event(),
                          .recurrence = &rule };
    struct series shall = was;
    struct remote_object_extras extras = { .notice = REMOTE_NOTICE_ALL };
    struct remote_result result;
    struct scene s;

    shall.exceptions = exceptions;
    shall.exception_count = 2;
    shall.deleted = &gone;
    shall.deleted_count = 1;
    scene_begin(&s, BUILD_2016);
    cr_expect_eq(slots()->event_update(s.op, s.remote, &object, &was, &shall,
                                       &extras, &result),
                 STATUS_OK);
    cr_assert_eq(s.calls, 3);
    /* The master for its change key; nobody is told of that. */
    cr_expect_not_null(strstr(s.bodies[0], "\"SendToNone\""));
    cr_expect_not_null(strstr(s.bodies[0], "ChangeKey=\"key\""));
    cr_expect_eq(responder_count(s.bodies[0], "<t:SetItemField>"), 1);
    cr_expect_not_null(strstr(s.bodies[1],
                              "<t:OccurrenceItemId RecurringMasterId=\"i\" "
                              "InstanceIndex=\"2\"/>"));
    cr_expect_not_null(strstr(s.bodies[1], "\"SendToAllAndSaveCopy\""));
    cr_expect_not_null(strstr(s.bodies[2], "InstanceIndex=\"4\""));
    cr_expect_not_null(strstr(s.bodies[2], "InstanceIndex=\"5\""));
    cr_expect_eq(responder_count(s.bodies[2], "<t:SetItemField>"), 2);
    cr_expect_null(result.change_key);
    cr_expect_str_eq(result.id, "changed");
    scene_end(&s);
}

Test(ews_object_writes, make_all_days_anew_after_one_comes_back)
{
    struct recurrence rule = daily();
    struct event exception = exception_at("2024-05-09T07:00:00Z");
    struct when gone[2] = { at("2024-05-07T07:00:00Z"),
                            at("2024-05-08T07:00:00Z") };
    struct series was = { .has_master = true,
                          .master = plain_event(),
                          .recurrence = &rule,
                          .exceptions = &exception,
                          .exception_count = 1,
                          .deleted = gone,
                          .deleted_count = 2 };
    struct series shall = was;
    struct remote_object_extras extras = { .name = NULL };
    struct remote_result result;
    struct scene s;

    exception.id = "old";
    shall.deleted_count = 1;
    scene_begin(&s, BUILD_2016);
    cr_expect_eq(slots()->event_update(s.op, s.remote, &object, &was, &shall,
                                       &extras, &result),
                 STATUS_OK);
    cr_assert_eq(s.calls, 3);
    cr_expect_not_null(strstr(s.bodies[0], "calendar:Recurrence"));
    cr_expect_not_null(strstr(s.bodies[1], "InstanceIndex=\"2\""));
    cr_expect_null(strstr(s.bodies[1], "InstanceIndex=\"3\""));
    cr_expect_not_null(strstr(s.bodies[2], "InstanceIndex=\"4\""));
    cr_expect_null(strstr(s.bodies[2], "\"old\""));
    scene_end(&s);
}

Test(ews_object_writes, let_a_day_be_like_all_others_again)
{
    struct recurrence rule = daily();
    struct event exception = exception_at("2024-05-09T07:00:00Z");
    struct series was = { .has_master = true,
                          .master = plain_event(),
                          .recurrence = &rule,
                          .exceptions = &exception,
                          .exception_count = 1 };
    struct series shall = was;
    struct remote_object_extras extras = { .name = NULL };
    struct remote_result result;
    struct scene s;

    shall.exception_count = 0;
    scene_begin(&s, BUILD_2016);
    cr_expect_eq(slots()->event_update(s.op, s.remote, &object, &was, &shall,
                                       &extras, &result),
                 STATUS_OK);
    cr_assert_eq(s.calls, 2);
    cr_expect_not_null(strstr(s.bodies[1], "InstanceIndex=\"4\""));
    cr_expect_not_null(strstr(s.bodies[1], "<t:Subject>Tea</t:Subject>"));
    scene_end(&s);
}

/* --- Files ---------------------------------------------------------------- */

Test(ews_object_writes, invite_once_the_files_are_there)
{
    struct event_attachment file = {
        .name = "a.txt", .type = "text/plain", .data = "hello", .len = 5
    };
    struct series series = { .has_master = true, .master = plain_event() };
    struct remote_object_extras extras = { .notice = REMOTE_NOTICE_ALL };
    struct remote_result result;
    struct scene s;

    set_attendees(&series.master);
    series.master.attachments = &file;
    series.master.attachment_count = 1;
    scene_begin(&s, BUILD_2016);
    cr_expect_eq(
        slots()->event_create(s.op, s.remote, "f", &series, &extras, &result),
        STATUS_OK);
    cr_assert_eq(s.calls, 3);
    cr_expect_not_null(strstr(s.bodies[0], "\"SendToNone\""));
    cr_expect_not_null(strstr(s.bodies[1], "<t:Content>aGVsbG8=</t:Content>"));
    cr_expect_not_null(strstr(s.bodies[2], "\"SendToAllAndSaveCopy\""));
    cr_expect_not_null(strstr(s.bodies[2], "ChangeKey=\"k3\""));
    cr_expect_str_eq(result.change_key, "k2");
    scene_end(&s);
}

Test(ews_object_writes, exchange_files_for_others)
{
    struct event_attachment old[] = { { .id = "stays" }, { .id = "goes" } };
    struct event_attachment new[] = { { .id = "stays" },
                                      { .name = "b", .data = "", .len = 0 } };
    struct series was = { .has_master = true, .master = plain_event() };
    struct series shall = was;
    struct remote_object_extras extras = { .name = NULL };
    struct remote_result result;
    struct scene s;

    was.master.attachments = old;
    shall.master.attachments = new;
    was.master.attachment_count = shall.master.attachment_count = 2;
    scene_begin(&s, BUILD_2016);
    cr_expect_eq(slots()->event_update(s.op, s.remote, &object, &was, &shall,
                                       &extras, &result),
                 STATUS_OK);
    cr_assert_eq(s.calls, 3);
    cr_expect_not_null(strstr(s.bodies[1], "<t:AttachmentId Id=\"goes\"/>"));
    cr_expect_null(strstr(s.bodies[1], "stays"));
    cr_expect_not_null(strstr(s.bodies[2], "<m:CreateAttachment>"));
    cr_expect_str_eq(result.change_key, "k3");

    /* Who is invited hears of it once all is there. */
    scene_forget(&s);
    extras.notice = REMOTE_NOTICE_ALL;
    cr_expect_eq(slots()->event_update(s.op, s.remote, &object, &was, &shall,
                                       &extras, &result),
                 STATUS_OK);
    cr_assert_eq(s.calls, 4);
    cr_expect_not_null(strstr(s.bodies[0], "\"SendToNone\""));
    cr_expect_not_null(strstr(s.bodies[3], "\"SendToAllAndSaveCopy\""));
    cr_expect_not_null(strstr(s.bodies[3], "ChangeKey=\"k3\""));
    scene_end(&s);
}

Test(ews_object_writes, leave_a_picture_that_is_the_same)
{
    struct contact was = { .preferred_place = -1,
                           .has_photo = true,
                           .photo = "\xff\xd8",
                           .photo_len = 2 };
    struct contact same = was, other = was, none = was;
    struct remote_object_extras extras = { .name = NULL };
    struct remote_result result;
    struct scene s;

    other.photo = "\xff\xd9";
    none.has_photo = false;
    none.photo = NULL;
    none.photo_len = 0;
    scene_begin(&s, BUILD_2016);
    cr_expect_eq(slots()->contact_update(s.op, s.remote, &object, &was, &same,
                                         &extras, &result),
                 STATUS_OK);
    cr_expect_eq(s.calls, 0);
    scene_say(&s, "GetItem",
              "<m:Items><t:Contact><t:ItemId Id=\"i\"/><t:Attachments>"
              "<t:FileAttachment><t:AttachmentId Id=\"p\"/>"
              "<t:IsContactPhoto>true</t:IsContactPhoto></t:FileAttachment>"
              "</t:Attachments></t:Contact></m:Items>");
    cr_expect_eq(slots()->contact_update(s.op, s.remote, &object, &was, &other,
                                         &extras, &result),
                 STATUS_OK);
    cr_assert_eq(s.calls, 3);
    cr_expect_not_null(strstr(s.bodies[1], "<t:AttachmentId Id=\"p\"/>"));
    cr_expect_not_null(strstr(s.bodies[2], "IsContactPhoto"));
    cr_expect_str_eq(result.change_key, "k3");
    scene_forget(&s);
    was.photo_id = "known";
    cr_expect_eq(slots()->contact_update(s.op, s.remote, &object, &was, &none,
                                         &extras, &result),
                 STATUS_OK);
    cr_expect_eq(s.calls, 1);
    cr_expect_not_null(strstr(scene_body(&s), "known"));
    scene_end(&s);
}

/* --- Names of contacts ---------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *given, *surname, *company, *email, *shown, *sorted;
} names[] = {
    { "Ann", "Lee", NULL, NULL, "Ann Lee", "Lee, Ann" },
    { "Ann", NULL, "Acme", NULL, "Ann", "Ann" },
    { NULL, NULL, "Acme", "a@example.com", "Acme", "Acme" },
    { NULL, NULL, NULL, "a@example.com", "a@example.com", "a@example.com" },
};
/* clang-format on */

Test(ews_object_writes, name_contacts_that_have_no_name_to_show)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct contact contact = { .preferred_place = -1 };
        struct remote_object_extras extras = { .name = NULL };
        struct remote_result result;
        struct scene s;

        contact.text[CONTACT_GIVEN_NAME] = names[i].given;
        contact.text[CONTACT_SURNAME] = names[i].surname;
        contact.text[CONTACT_COMPANY] = names[i].company;
        contact.email[0].address = names[i].email;
        scene_begin(&s, BUILD_2016);
        slots()->contact_create(s.op, s.remote, "f", &contact, &extras,
                                &result);
        cr_expect_not_null(
            strstr(scene_body(&s),
                   arena_printf(s.op->arena,
                                "<t:FileAs>%s</t:FileAs><t:DisplayName>%s<",
                                names[i].sorted, names[i].shown)));
        scene_end(&s);
    }
}

Test(ews_object_writes, keep_how_outlook_sorts_a_contact)
{
    struct contact was = { .preferred_place = -1 };
    struct contact shall = was;
    struct remote_object_extras extras = { .name = NULL };
    struct remote_result result;
    struct scene s;

    was.text[CONTACT_DISPLAY_NAME] = "Ann Lee";
    was.text[CONTACT_GIVEN_NAME] = "Ann";
    was.text[CONTACT_SURNAME] = "Lee";
    shall = was;
    shall.phone[PHONE_MOBILE] = "+1";
    scene_begin(&s, BUILD_2016);
    slots()->contact_update(s.op, s.remote, &object, &was, &shall, &extras,
                            &result);
    cr_expect_null(strstr(scene_body(&s), "FileAs"), "%s", scene_body(&s));
    cr_expect_not_null(
        strstr(scene_body(&s),
               "<t:IndexedFieldURI FieldURI=\"contacts:PhoneNumber\" "
               "FieldIndex=\"MobilePhone\"/><t:Contact><t:PhoneNumbers>"
               "<t:Entry Key=\"MobilePhone\">+1</t:Entry>"));
    shall.text[CONTACT_SURNAME] = "Li";
    slots()->contact_update(s.op, s.remote, &object, &was, &shall, &extras,
                            &result);
    cr_expect_not_null(strstr(scene_body(&s), "<t:FileAs>Li, Ann</t:FileAs>"));
    scene_end(&s);
}

/* --- What became of it ---------------------------------------------------- */

static bool lose(struct responder *responder,
                 const struct server_request *request, const char *operation,
                 struct server_reply *reply)
{
    (void)responder, (void)request;
    if (strcmp(operation, "UpdateItem") != 0 &&
        strcmp(operation, "CreateItem") != 0)
        return false;
    reply->end = SERVER_RESET;
    return true;
}

Test(ews_object_writes, tell_when_nobody_knows_what_became_of_one)
{
    struct series was = { .has_master = true, .master = plain_event() };
    struct series shall = was;
    struct remote_object_extras extras = { .name = NULL };
    struct remote_result result;
    struct scene s;

    set_summary(&shall.master);
    scene_begin(&s, BUILD_2016);
    s.responder.special = lose;
    cr_expect_eq(slots()->event_update(s.op, s.remote, &object, &was, &shall,
                                       &extras, &result),
                 STATUS_UNCERTAIN);
    cr_expect_eq(result.status, STATUS_UNCERTAIN);
    cr_expect_eq(
        slots()->event_create(s.op, s.remote, "f", &was, &extras, &result),
        STATUS_UNCERTAIN);
    cr_expect_null(result.id);
    scene_end(&s);
}

#define REFUSED(operation, code)                                               \
    "<m:" operation "ResponseMessage ResponseClass=\"Error\">"                 \
    "<m:MessageText>No.</m:MessageText><m:ResponseCode>" code                  \
    "</m:ResponseCode></m:" operation "ResponseMessage>"

Test(ews_object_writes, stop_where_somebody_else_was_faster)
{
    struct recurrence rule = daily();
    struct event exception = exception_at("2024-05-09T07:00:00Z");
    struct series was = { .has_master = true,
                          .master = plain_event(),
                          .recurrence = &rule };
    struct series shall = was;
    struct remote_object_extras extras = { .name = NULL };
    struct remote_result result;
    struct scene s;

    shall.exceptions = &exception;
    shall.exception_count = 1;
    scene_begin(&s, BUILD_2016);
    scene_say_whole(&s, "UpdateItem",
                    REFUSED("UpdateItem", "ErrorIrresolvableConflict"));
    cr_expect_eq(slots()->event_update(s.op, s.remote, &object, &was, &shall,
                                       &extras, &result),
                 STATUS_CONFLICT);
    cr_expect_eq(s.calls, 1);
    scene_end(&s);
}

Test(ews_object_writes, tell_that_a_day_failed_after_its_series)
{
    struct recurrence rule = daily();
    struct event exception = exception_at("2024-05-09T07:00:00Z");
    struct series series = { .has_master = true,
                             .master = plain_event(),
                             .recurrence = &rule,
                             .exceptions = &exception,
                             .exception_count = 1 };
    struct remote_object_extras extras = { .name = NULL };
    struct remote_result result;
    struct scene s;

    scene_begin(&s, BUILD_2016);
    scene_say_whole(&s, "UpdateItem",
                    REFUSED("UpdateItem", "ErrorOccurrenceCrossingBoundary"));
    cr_expect_eq(
        slots()->event_create(s.op, s.remote, "f", &series, &extras, &result),
        STATUS_BAD_CONTENT);
    cr_expect_eq(result.status, STATUS_BAD_CONTENT);
    cr_expect_str_eq(result.id, "new");
    scene_end(&s);
}

Test(ews_object_writes, refuse_days_that_are_none_of_the_series)
{
    struct recurrence rule = daily();
    struct event exception = exception_at("2024-05-01T07:00:00Z");
    struct series series = { .has_master = true,
                             .master = plain_event(),
                             .recurrence = &rule,
                             .exceptions = &exception,
                             .exception_count = 1 };
    struct remote_object_extras extras = { .name = NULL };
    struct remote_result result;
    struct scene s;

    scene_begin(&s, BUILD_2016);
    cr_expect_eq(
        slots()->event_create(s.op, s.remote, "f", &series, &extras, &result),
        STATUS_CANNOT);
    cr_expect_eq(s.calls, 0);
    scene_end(&s);
}

/* --- Answers to invitations ----------------------------------------------- */

#define ITEM(id, key)                                                          \
    "<t:CalendarItem><t:ItemId Id=\"" id "\" ChangeKey=\"" key                 \
    "\"/></t:CalendarItem>"

Test(ews_object_writes, answer_invitations)
{
    struct remote_result result;
    struct scene s;

    scene_begin(&s, BUILD_2016);
    scene_say(&s, "CreateItem",
              "<m:Items><t:MeetingResponse><t:ItemId Id=\"sent\"/>"
              "</t:MeetingResponse>" ITEM("accepted", "k9") "</m:Items>");
    cr_expect_eq(slots()->respond(s.op, s.remote, &object, NULL,
                                  ANSWER_ACCEPTED, "Yes", true, &result),
                 STATUS_OK);
    cr_expect_str_eq(result.id, "accepted");
    cr_expect_str_eq(result.change_key, "k9");
    cr_expect_not_null(strstr(
        scene_body(&s), "<t:AcceptItem><t:Body BodyType=\"Text\">Yes</t:Body>"
                        "<t:ReferenceItemId Id=\"i\" ChangeKey=\"key\"/>"));
    cr_expect_not_null(strstr(scene_body(&s), "\"SendAndSaveCopy\""));
    cr_expect_eq(slots()->respond(s.op, s.remote, &object, NULL,
                                  ANSWER_DECLINED, NULL, false, &result),
                 STATUS_OK);
    cr_expect_null(result.id);
    cr_expect_not_null(strstr(scene_body(&s), "\"SaveOnly\""));
    scene_end(&s);
}

Test(ews_object_writes, answer_for_one_day_of_a_series)
{
    struct when fourth = at("2024-05-09T07:00:00Z");
    struct remote_result result;
    struct scene s;

    scene_begin(&s, BUILD_2016);
    scene_say(
        &s, "GetItem",
        "<m:Items><t:CalendarItem><t:ItemId Id=\"i\" ChangeKey=\"key\"/>"
        "<t:Start>2024-05-06T07:00:00Z</t:Start><t:End>2024-05-06T08:00:00Z"
        "</t:End><t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval>"
        "</t:DailyRecurrence><t:NoEndRecurrence><t:StartDate>2024-05-06"
        "</t:StartDate></t:NoEndRecurrence></t:Recurrence>"
        "<t:StartTimeZone Id=\"W. Europe Standard Time\"/></t:CalendarItem>"
        "</m:Items>");
    scene_say(&s, "GetItem", "<m:Items>" ITEM("fourth", "x") "</m:Items>");
    scene_say(&s, "GetItem", "<m:Items>" ITEM("i", "k7") "</m:Items>");
    cr_expect_eq(slots()->respond(s.op, s.remote, &object, &fourth,
                                  ANSWER_DECLINED, NULL, true, &result),
                 STATUS_OK, "%s", s.op->reason);
    cr_assert_eq(s.calls, 4);
    cr_expect_not_null(strstr(s.bodies[1], "InstanceIndex=\"4\""));
    cr_expect_not_null(
        strstr(s.bodies[2], "<t:ReferenceItemId Id=\"fourth\"/>"));
    cr_expect_str_eq(result.id, "i");
    cr_expect_str_eq(result.change_key, "k7");
    scene_end(&s);
}

/* --- Taking away ---------------------------------------------------------- */

Test(ews_object_writes, cancel_meetings_as_they_are_told)
{
    struct scene s;

    scene_begin(&s, BUILD_2016);
    cr_expect_eq(
        slots()->remove(s.op, s.remote, &object, true, REMOTE_NOTICE_ALL),
        STATUS_OK);
    cr_expect_not_null(strstr(scene_body(&s),
                              "DeleteType=\"MoveToDeletedItems\" "
                              "SendMeetingCancellations="
                              "\"SendToAllAndSaveCopy\""));
    cr_expect_eq(
        slots()->remove(s.op, s.remote, &object, false, REMOTE_NOTICE_NONE),
        STATUS_OK);
    cr_expect_not_null(strstr(scene_body(&s),
                              "DeleteType=\"HardDelete\" "
                              "SendMeetingCancellations=\"SendToNone\""));
    scene_end(&s);
}
