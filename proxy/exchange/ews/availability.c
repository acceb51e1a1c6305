/*
 * availability.c - when people are busy, and in which zone the user lives
 *
 * Times are asked for and told in the zone that the request describes: UTC.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/fields.h"
#include "proxy/exchange/ews/objects.h"

#define PEOPLE_AT_ONCE 100
#define DAY 86400

/* The longest that Exchange looks ahead at a time. */
#define WINDOW (42 * DAY)

/* What a digit of MergedFreeBusy stands for. */
#define SLOT_MINUTES 30

struct asking {
    struct arena *arena;
    const char *const *addresses;
    struct remote_busy_answer *answers;
    int64_t from;
    int64_t to;
    bool details;
};

/* --- Asking --------------------------------------------------------------- */

static void write_half(struct xml_writer *writer, const char *element)
{
    xml_open(writer, element);
    fields_number(writer, "t:Bias", 0);
    xml_element(writer, "t:Time", "00:00:00");
    fields_number(writer, "t:DayOrder", 0);
    fields_number(writer, "t:Month", 0);
    xml_element(writer, "t:DayOfWeek", "Sunday");
    xml_close(writer);
}

static void write_zone(struct xml_writer *writer)
{
    xml_open(writer, "t:TimeZone");
    fields_number(writer, "t:Bias", 0);
    write_half(writer, "t:StandardTime");
    write_half(writer, "t:DaylightTime");
    xml_close(writer);
}

static void write_person(struct xml_writer *writer, const char *address)
{
    xml_open(writer, "t:MailboxData");
    xml_open(writer, "t:Email");
    xml_element(writer, "t:Address", address);
    xml_close(writer);
    xml_element(writer, "t:AttendeeType", "Required");
    fields_bool(writer, "t:ExcludeConflicts", false);
    xml_close(writer);
}

/* On the clock of the zone above, without a Z. */
static void write_clock(struct xml_writer *writer, const char *element,
                        int64_t instant)
{
    char text[sizeof "-2147483648-01-01T00:00:00Z"];

    time_to_iso(instant, text);
    text[strcspn(text, "Z")] = '\0';
    xml_element(writer, element, text);
}

static void build_asking(void *context, struct soap_request *request,
                         const size_t which[], size_t count)
{
    const struct asking *asking = context;
    struct xml_writer *writer = &request->writer;

    write_zone(writer);
    xml_open(writer, "m:MailboxDataArray");
    for (size_t i = 0; i < count; i++)
        write_person(writer, asking->addresses[which[i]]);
    xml_close(writer);
    xml_open(writer, "t:FreeBusyViewOptions");
    xml_open(writer, "t:TimeWindow");
    write_clock(writer, "t:StartTime", asking->from);
    write_clock(writer, "t:EndTime", asking->to);
    xml_close(writer);
    fields_number(writer, "t:MergedFreeBusyIntervalInMinutes", SLOT_MINUTES);
    xml_element(writer, "t:RequestedView",
                asking->details ? "DetailedMerged" : "FreeBusyMerged");
    xml_close(writer);
}

/* --- Answers -------------------------------------------------------------- */

static void add_times(struct arena *arena, struct remote_busy_answer *answer,
                      const struct remote_busy *times, size_t count)
{
    struct remote_busy *all =
        arena_array(arena, answer->count + count + 1, sizeof *all);

    if (answer->count > 0)
        memcpy(all, answer->times, answer->count * sizeof *all);
    if (count > 0)
        memcpy(all + answer->count, times, count * sizeof *all);
    answer->times = all;
    answer->count += count;
}

/* <CalendarEventDetails><Subject/><Location/><IsPrivate/>, where there are
 * any */
static void read_details(struct arena *arena, const struct xml_node *event,
                         struct remote_busy *time)
{
    const struct xml_node *details = xml_child(event, "CalendarEventDetails");

    time->summary = arena_strdup(arena, xml_child_text(details, "Subject"));
    time->location = arena_strdup(arena, xml_child_text(details, "Location"));
    time->private = str_equal(xml_child_text(details, "IsPrivate"), "true");
}

/* <CalendarEvent><StartTime/><EndTime/><BusyType/></CalendarEvent> */
static void read_events(const struct asking *asking,
                        const struct xml_node *list,
                        struct remote_busy_answer *answer)
{
    size_t count = 0;

    for (const struct xml_node *at = list->children; at; at = at->next)
        count++;
    struct remote_busy *times =
        arena_array(asking->arena, count + 1, sizeof *times);
    count = 0;
    for (const struct xml_node *at = list->children; at; at = at->next) {
        struct remote_busy time = {
            .from = element_time(at, "StartTime"),
            .to = element_time(at, "EndTime"),
            .busy = (enum event_busy)element_word(at, "BusyType", word_busy, 6,
                                                  BUSY_BUSY),
        };
        read_details(asking->arena, at, &time);
        if (time.from != TIME_NONE && time.to > time.from)
            times[count++] = time;
    }
    add_times(asking->arena, answer, times, count);
}

static enum event_busy busy_of(char digit)
{
    static const enum event_busy kinds[] = { BUSY_FREE, BUSY_TENTATIVE,
                                             BUSY_BUSY, BUSY_AWAY,
                                             BUSY_ELSEWHERE };

    return digit >= '0' && digit <= '4' ? kinds[digit - '0'] : BUSY_UNKNOWN;
}

/* "0022", where Exchange tells no more: half an hour each. */
static void read_merged(const struct asking *asking, const char *digits,
                        struct remote_busy_answer *answer)
{
    size_t len = strlen(digits), count = 0;
    struct remote_busy *times =
        arena_array(asking->arena, len + 1, sizeof *times);

    for (size_t i = 0; i < len;) {
        size_t start = i;
        while (i < len && digits[i] == digits[start])
            i++;
        struct remote_busy time = {
            .from = asking->from + (int64_t)start * SLOT_MINUTES * 60,
            .to = asking->from + (int64_t)i * SLOT_MINUTES * 60,
            .busy = busy_of(digits[start]),
        };
        if (time.to > asking->to)
            time.to = asking->to;
        if (time.busy != BUSY_FREE)
            times[count++] = time;
    }
    add_times(asking->arena, answer, times, count);
}

static void take_answer(void *context, size_t which,
                        const struct soap_message *message)
{
    const struct asking *asking = context;
    struct remote_busy_answer *answer = &asking->answers[which];
    const struct xml_node *view = xml_child(message->node, "FreeBusyView");
    const struct xml_node *list = xml_child(view, "CalendarEventArray");
    const char *kind = xml_child_text(view, "FreeBusyViewType");
    const char *merged = xml_child_text(view, "MergedFreeBusy");

    if (answer->status != STATUS_OK)
        return;
    answer->status = message->verdict.status;
    if (answer->status != STATUS_OK)
        return;
    if (view == NULL || str_equal(kind, "None"))
        answer->status = STATUS_DENIED;
    else if (list != NULL)
        read_events(asking, list, answer);
    else if (str_equal(kind, "MergedOnly") && merged != NULL)
        read_merged(asking, merged, answer);
}

/* Of whom nothing is told is not asked about again. */
static bool any_told(const struct remote_busy_answer answers[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (answers[i].status == STATUS_OK)
            return true;
    return false;
}

enum status ews_busy(struct op *op, struct remote *remote,
                     const char *const addresses[], size_t count, int64_t from,
                     int64_t to, bool details,
                     struct remote_busy_answer answers_out[])
{
    struct asking asking = { .arena = op->arena,
                             .addresses = addresses,
                             .answers = answers_out,
                             .details = details };
    struct batch batch = { .operation = "GetUserAvailabilityRequest",
                           .count = count,
                           .most = PEOPLE_AT_ONCE,
                           .build = build_asking,
                           .done = take_answer,
                           .context = &asking };
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count; i++)
        answers_out[i] = (struct remote_busy_answer){ .status = STATUS_OK };
    for (int64_t at = from;
         at < to && status == STATUS_OK && any_told(answers_out, count);
         at += WINDOW) {
        asking.from = at;
        asking.to = to - at > WINDOW ? at + WINDOW : to;
        status = batch_run(op, ews_of(remote), &batch);
    }
    return status;
}

/* --- The user's zone ------------------------------------------------------ */

static void build_options(void *context, struct soap_request *request)
{
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:UserConfigurationName");
    xml_attribute(writer, "Name", "OWA.UserOptions");
    soap_folder(writer, context);
    xml_close(writer);
    xml_element(writer, "m:UserConfigurationProperties", "Dictionary");
}

/* <DictionaryEntry><DictionaryKey><Type/><Value>timezone</Value>
 * </DictionaryKey><DictionaryValue><Type/><Value>...</Value> */
static const char *find_option(const struct xml_node *message, const char *name)
{
    const struct xml_node *list = xml_descendant(message, "Dictionary");

    for (const struct xml_node *at = list != NULL ? list->children : NULL;
         at != NULL; at = at->next)
        if (str_equal_nocase(
                xml_child_text(xml_child(at, "DictionaryKey"), "Value"), name))
            return xml_child_text(xml_child(at, "DictionaryValue"), "Value");
    return NULL;
}

enum status ews_zone(struct op *op, struct remote *remote,
                     const char **name_out)
{
    struct ews *ews = ews_of(remote);
    struct soap_call call = { .operation = "GetUserConfiguration",
                              .build = build_options,
                              .context = (void *)ews_place(op, ews, "#root") };
    const struct xml_node *message;

    *name_out = NULL;
    if (ews_version(ews) < EWS_2010)
        return STATUS_UNSUPPORTED;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);
    /* Nobody has ever been there. */
    if (status == STATUS_NOT_FOUND) {
        op->reason = NULL;
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    const char *name = find_option(message, "timezone");
    *name_out = name != NULL && *name != '\0' ? name : NULL;
    return STATUS_OK;
}
