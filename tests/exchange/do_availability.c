/*
 * do_availability.c - GetUserAvailability: when people are busy
 *
 * Times are by the clock of the zone that the request says.
 */
#include "tests/exchange/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/calendar.h"
#include "tests/exchange/calendar_view.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/form.h"
#include "tests/exchange/series.h"
#include "tests/exchange/timezone.h"

#define MOST_MAILBOXES 100
#define MOST_EVENTS 1000

struct view {
    struct sim_zone zone;
    int64_t from;
    int64_t to;
    int64_t interval; /* seconds; 0: nothing is merged */
    bool events;
    bool details;
};

/* --- What is asked ------------------------------------------------------- */

static struct sim_zone_change read_change(const struct node *node)
{
    static const char *const weekdays[] = { "Sunday",    "Monday",   "Tuesday",
                                            "Wednesday", "Thursday", "Friday",
                                            "Saturday" };
    struct sim_zone_change change = {
        .month = (unsigned)atoi(node_text(node, "Month")),
        .week = atoi(node_text(node, "DayOrder")),
    };
    unsigned hours = 0;
    unsigned minutes = 0;

    for (unsigned i = 0; i < 7; i++)
        if (str_equal(weekdays[i], node_text(node, "DayOfWeek")))
            change.weekday = i;
    sscanf(node_text(node, "Time"), "%u:%u", &hours, &minutes);
    change.time = (int32_t)(hours * 3600 + minutes * 60);
    return change;
}

static void read_zone(const struct node *node, struct sim_zone *zone)
{
    int bias = atoi(node_text(node, "Bias"));
    const struct node *standard = node_child(node, "StandardTime");
    const struct node *daylight = node_child(node, "DaylightTime");

    zone->id = zone->name = "";
    zone->standard = -60 * (bias + atoi(node_text(standard, "Bias")));
    zone->daylight = -60 * (bias + atoi(node_text(daylight, "Bias")));
    zone->to_standard = read_change(standard);
    zone->to_daylight = read_change(daylight);
    if (zone->to_standard.month == 0 || zone->to_daylight.month == 0)
        zone->daylight = zone->standard;
}

/* NULL, or why it cannot be answered at all. */
static const char *read_view(struct call *call, struct view *view)
{
    const struct node *options =
        node_child(call->request, "FreeBusyViewOptions");
    const struct node *window = node_child(options, "TimeWindow");
    const struct node *zone = node_child(call->request, "TimeZone");
    const char *kind = node_text(options, "RequestedView");
    const char *interval =
        node_text(options, "MergedFreeBusyIntervalInMinutes");
    int minutes = interval == NULL ? 30 : atoi(interval);
    int days = call->exchange->version == EXCHANGE_2007_SP1 ? 42 : 62;

    if (zone == NULL && call->zone == NULL)
        return "ErrorTimeZone";
    if (options == NULL)
        return "ErrorMissingArgument";
    if (zone != NULL)
        read_zone(zone, &view->zone);
    else
        view->zone = *call->zone;
    view->from = sim_zone_time(&view->zone, node_text(window, "StartTime"));
    view->to = sim_zone_time(&view->zone, node_text(window, "EndTime"));
    if (view->to <= view->from)
        return "ErrorInvalidTimeInterval";
    if (view->to - view->from > days * (int64_t)86400)
        return "ErrorTimeIntervalTooBig";
    if (minutes < 5 || minutes > 1440)
        return "ErrorInvalidMergedFreeBusyInterval";
    if (kind == NULL || str_equal(kind, "None"))
        return "ErrorInvalidFreeBusyViewType";
    view->events = !str_equal(kind, "MergedOnly");
    view->details = str_starts(kind, "Detailed");
    view->interval = strstr(kind, "Merged") != NULL ? 60 * minutes : 0;
    return NULL;
}

/* --- Merging ------------------------------------------------------------- */

/* Who is away is so whatever else he is. */
static int rank_of(int64_t busy)
{
    static const int ranks[] = { 0, 2, 3, 4, 1 };

    return ranks[busy < 0 || busy > 4 ? 2 : busy];
}

static int64_t busy_of(const struct sim_item *item)
{
    return form_number(item, SET_APPOINTMENT, EVENT_BUSY, 2);
}

static void merge(const struct view *view, const struct sim_item *item,
                  char *digits, size_t count)
{
    int64_t start = form_time(item, SET_APPOINTMENT, EVENT_START);
    int64_t end = form_time(item, SET_APPOINTMENT, EVENT_END);
    int64_t busy = busy_of(item);

    for (size_t i = 0; i < count; i++) {
        int64_t from = view->from + (int64_t)i * view->interval;

        if (start < from + view->interval && end > from &&
            rank_of(busy) > rank_of(digits[i] - '0'))
            digits[i] = (char)('0' + busy);
    }
}

static void put_merged(struct call *call, const struct view *view,
                       struct sim_item *items[], size_t item_count)
{
    size_t count =
        (size_t)((view->to - view->from + view->interval - 1) / view->interval);
    char *digits = arena_alloc(call->arena, count + 1);

    memset(digits, '0', count);
    for (size_t i = 0; i < item_count; i++)
        merge(view, items[i], digits, count);
    put_element(&call->out, "t:MergedFreeBusy", digits);
}

/* --- Events -------------------------------------------------------------- */

/* 2007 says the offset; later ones leave it to the request. */
static void put_wall(struct call *call, const struct view *view,
                     const char *element, int64_t time)
{
    int32_t minutes = sim_zone_offset(&view->zone, time) / 60;
    char text[64];

    time_to_iso(sim_zone_to_wall(&view->zone, time), text);
    text[strlen(text) - 1] = '\0';
    if (call->exchange->version == EXCHANGE_2007_SP1)
        snprintf(text + strlen(text), 8, "%c%02d:%02d", minutes < 0 ? '-' : '+',
                 abs(minutes) / 60 % 24, abs(minutes) % 60);
    put_element(&call->out, element, text);
}

static const char *truth(bool is)
{
    return is ? "true" : "false";
}

static void put_details(struct call *call, struct sim_item *item)
{
    const char *subject = form_get(item, NULL, 0x0037, TYPE_STRING);
    const char *location =
        form_get(item, SET_APPOINTMENT, EVENT_LOCATION, TYPE_STRING);
    int64_t state = form_number(item, SET_APPOINTMENT, EVENT_STATE, 0);

    buf_puts(&call->out, "<t:CalendarEventDetails>");
    put_element(&call->out, "t:ID", sim_item_id(item));
    put_element(&call->out, "t:Subject", subject == NULL ? "" : subject);
    put_element(&call->out, "t:Location", location == NULL ? "" : location);
    put_element(&call->out, "t:IsMeeting", truth(state & STATE_MEETING));
    put_element(&call->out, "t:IsRecurring", truth(item->master != NULL));
    put_element(&call->out, "t:IsException",
                truth(str_equal(sim_occurrence_type(item), "Exception")));
    put_element(&call->out, "t:IsReminderSet",
                truth(form_true(item, SET_COMMON, REMINDER_SET)));
    put_element(&call->out, "t:IsPrivate",
                truth(form_number(item, NULL, 0x0036, 0) == 2));
    buf_puts(&call->out, "</t:CalendarEventDetails>");
}

static void put_events(struct call *call, const struct view *view,
                       struct sim_item *items[], size_t count, bool details)
{
    if (count == 0)
        return;
    buf_puts(&call->out, "<t:CalendarEventArray>");
    for (size_t i = 0; i < count; i++) {
        buf_puts(&call->out, "<t:CalendarEvent>");
        put_wall(call, view, "t:StartTime",
                 form_time(items[i], SET_APPOINTMENT, EVENT_START));
        put_wall(call, view, "t:EndTime",
                 form_time(items[i], SET_APPOINTMENT, EVENT_END));
        put_element(&call->out, "t:BusyType",
                    sim_busy_words[busy_of(items[i]) % 5]);
        if (details && form_number(items[i], NULL, 0x0036, 0) != 2)
            put_details(call, items[i]);
        buf_puts(&call->out, "</t:CalendarEvent>");
    }
    buf_puts(&call->out, "</t:CalendarEventArray>");
}

static void put_hours(struct call *call)
{
    buf_puts(&call->out,
             "<t:WorkingHours><t:TimeZone><t:Bias>0</t:Bias>"
             "<t:StandardTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time>"
             "<t:DayOrder>0</t:DayOrder><t:Month>0</t:Month>"
             "<t:DayOfWeek>Sunday</t:DayOfWeek></t:StandardTime>"
             "<t:DaylightTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time>"
             "<t:DayOrder>0</t:DayOrder><t:Month>0</t:Month>"
             "<t:DayOfWeek>Sunday</t:DayOfWeek></t:DaylightTime></t:TimeZone>"
             "<t:WorkingPeriodArray><t:WorkingPeriod>"
             "<t:DayOfWeek>Monday Tuesday Wednesday Thursday Friday"
             "</t:DayOfWeek><t:StartTimeInMinutes>480</t:StartTimeInMinutes>"
             "<t:EndTimeInMinutes>1020</t:EndTimeInMinutes></t:WorkingPeriod>"
             "</t:WorkingPeriodArray></t:WorkingHours>");
}

/* --- Mailboxes ----------------------------------------------------------- */

static void put_view(struct call *call, const struct view *view,
                     struct sim_item *items[], size_t count, bool details)
{
    buf_puts(&call->out, "<m:FreeBusyView>");
    put_element(&call->out, "t:FreeBusyViewType",
                arena_printf(call->arena, "%s%s",
                             !view->events ? ""
                             : details     ? "Detailed"
                                           : "FreeBusy",
                             !view->events         ? "MergedOnly"
                             : view->interval == 0 ? ""
                                                   : "Merged"));
    if (view->interval != 0)
        put_merged(call, view, items, count);
    if (view->events) {
        put_events(call, view, items, count, details);
        put_hours(call);
    }
    buf_puts(&call->out, "</m:FreeBusyView>");
}

static void put_error(struct call *call, const char *code)
{
    buf_puts(&call->out, "<m:FreeBusyResponse>"
                         "<m:ResponseMessage ResponseClass=\"Error\">");
    put_element(&call->out, "m:MessageText", code_text(code));
    put_element(&call->out, "m:ResponseCode", code);
    buf_puts(&call->out, "<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>"
                         "</m:ResponseMessage></m:FreeBusyResponse>");
}

/* What everybody of a group does is only told merged. */
static const char *gather(struct call *call, const struct view *view,
                          const char *address, struct sim_item ***items,
                          size_t *count, bool *details)
{
    const char **all = sim_expand(call->arena, call->exchange, address);
    bool group = sim_group_find(call->exchange, address) != NULL;
    size_t people = 0;

    *items = NULL;
    *count = 0;
    while (all[people] != NULL)
        people++;
    if (people > MOST_MAILBOXES)
        return "ErrorFreeBusyDLLimitReached";
    for (size_t i = 0; i < people; i++) {
        struct sim_mailbox *user = sim_mailbox_find(call->exchange, all[i]);
        struct sim_folder *calendar =
            user == NULL ? NULL : sim_folder_by_use(user, "calendar");
        struct sim_item **more;
        struct sim_item **joined;
        enum sim_reading reading;
        size_t more_count;

        if (user == NULL && group)
            continue;
        if (user == NULL)
            return "ErrorMailRecipientNotFound";
        reading = sim_rights_of(call->user, calendar).read;
        if ((user->hides_busy || reading == READING_NONE) && user != call->user)
            return "ErrorNoFreeBusyAccess";
        *details = !group && reading >= READING_SUBJECT;
        more = calendar_between(call->arena, calendar, view->from, view->to,
                                &more_count);
        joined =
            arena_array(call->arena, *count + more_count + 1, sizeof *joined);
        for (size_t k = 0; k < *count; k++)
            joined[k] = (*items)[k];
        for (size_t k = 0; k < more_count; k++)
            joined[*count + k] = more[k];
        *items = joined;
        *count += more_count;
    }
    return *count > MOST_EVENTS ? "ErrorResultSetTooBig" : NULL;
}

static void put_mailbox(struct call *call, const struct view *asked,
                        const struct node *data)
{
    const char *address = node_text(node_child(data, "Email"), "Address");
    struct view view = *asked;
    const char *code = message_fault(call);
    struct sim_item **items;
    size_t count;
    bool details = false;

    call->messages++;
    if (code == NULL)
        code = gather(call, &view, address, &items, &count, &details);
    if (code != NULL) {
        put_error(call, code);
        return;
    }
    if (sim_group_find(call->exchange, address) != NULL) {
        view.events = false;
        view.interval = view.interval == 0 ? 1800 : view.interval;
    }
    buf_puts(&call->out,
             "<m:FreeBusyResponse><m:ResponseMessage ResponseClass=\"Success\">"
             "<m:ResponseCode>NoError</m:ResponseCode></m:ResponseMessage>");
    put_view(call, &view, items, count, view.details && details);
    buf_puts(&call->out, "</m:FreeBusyResponse>");
}

void do_get_user_availability(struct call *call)
{
    const struct node *all = node_child(call->request, "MailboxDataArray");
    struct view view = { .interval = 0 };

    call->refused = read_view(call, &view);
    if (call->refused == NULL && node_count(all) == 0)
        call->refused = "ErrorMailboxDataArrayEmpty";
    if (call->refused == NULL && node_count(all) > MOST_MAILBOXES)
        call->refused = "ErrorMailboxDataArrayTooBig";
    if (call->refused != NULL)
        return;
    buf_puts(&call->out,
             "<m:GetUserAvailabilityResponse xmlns:m=\"http://schemas."
             "microsoft.com/exchange/services/2006/messages\" xmlns:t=\"http://"
             "schemas.microsoft.com/exchange/services/2006/types\">"
             "<m:FreeBusyResponseArray>");
    for (struct node *at = all->children; at != NULL; at = at->next)
        put_mailbox(call, &view, at);
    buf_puts(&call->out,
             "</m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>");
}
