/*
 * calendar.c - the fields of events
 */
#include "tests/exchange/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/calendar_fields.h"
#include "tests/exchange/form_words.h"
#include "tests/exchange/series.h"

const char *const sim_responses[] = { "Unknown",   "Organizer",
                                      "Tentative", "Accept",
                                      "Decline",   "NoResponseReceived",
                                      NULL };
const char *const sim_busy_words[] = { "Free", "Tentative",        "Busy",
                                       "OOF",  "WorkingElsewhere", NULL };

bool event_is_own(const struct sim_item *item)
{
    return form_get(item, NULL, 0x0065, TYPE_STRING) == NULL;
}

const struct sim_zone *event_zone(struct arena *arena,
                                  const struct sim_item *item, uint32_t number)
{
    return sim_zone_read(arena,
                         form_get(item, SET_HIDDEN, number, TYPE_STRING));
}

/* --- Texts --------------------------------------------------------------- */

static const char *truth(bool is)
{
    return is ? "true" : "false";
}

static int64_t state_of(const struct sim_item *item)
{
    return form_number(item, SET_APPOINTMENT, EVENT_STATE, 0);
}

static const char *read_uid(struct arena *arena, struct sim_item *item)
{
    const char *goid =
        form_get(item, SET_MEETING, MEETING_CLEAN_ID, TYPE_BINARY);

    return goid == NULL ? NULL : goid_uid(arena, goid);
}

static const char *read_original(struct arena *arena, struct sim_item *item)
{
    char text[40];

    if (item->master == NULL)
        return NULL;
    time_to_iso(sim_occurrence_start(arena, item->master, item->day), text);
    return arena_strdup(arena, text);
}

static const char *read_all_day(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(form_true(item, SET_APPOINTMENT, EVENT_ALL_DAY));
}

static const char *read_meeting(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(state_of(item) & STATE_MEETING);
}

static const char *read_cancelled(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(state_of(item) & STATE_CANCELLED);
}

static const char *read_recurring(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(item->master != NULL);
}

static const char *read_sent(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(form_true(item, SET_APPOINTMENT, EVENT_SENT));
}

static const char *read_wanted(struct arena *arena, struct sim_item *item)
{
    const char *wanted = form_get(item, NULL, 0x0063, TYPE_BOOLEAN);

    (void)arena;
    return wanted == NULL ? "true" : truth(node_true(wanted));
}

static const char *read_type(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return sim_occurrence_type(item);
}

static const char *read_duration(struct arena *arena, struct sim_item *item)
{
    int64_t length = form_time(item, SET_APPOINTMENT, EVENT_END) -
                     form_time(item, SET_APPOINTMENT, EVENT_START);
    struct buf out;

    buf_init(&out, arena);
    buf_putc(&out, 'P');
    if (length >= 86400)
        buf_printf(&out, "%lldD", (long long)length / 86400);
    if (length % 86400 != 0 || length == 0)
        buf_putc(&out, 'T');
    if (length % 86400 >= 3600)
        buf_printf(&out, "%lldH", (long long)length % 86400 / 3600);
    if (length % 3600 != 0 || length == 0)
        buf_printf(&out, "%lldM", (long long)length % 3600 / 60);
    return out.data;
}

static const char *read_zone_name(struct arena *arena, struct sim_item *item)
{
    const struct sim_zone *zone = event_zone(arena, item, HIDDEN_START_ZONE);

    return zone == NULL ? NULL : zone->name;
}

static const char *read_zone_id(struct arena *arena, struct sim_item *item)
{
    const struct sim_zone *zone = event_zone(arena, item, HIDDEN_START_ZONE);

    return zone == NULL ? NULL : zone->id;
}

static const char *read_end_zone_id(struct arena *arena, struct sim_item *item)
{
    const struct sim_zone *zone = event_zone(arena, item, HIDDEN_END_ZONE);

    return zone == NULL ? NULL : zone->id;
}

static const char *read_sequence(struct arena *arena, struct sim_item *item)
{
    return arena_printf(
        arena, "%lld",
        (long long)form_number(item, SET_APPOINTMENT, EVENT_SEQUENCE, 0));
}

static const char *read_state(struct arena *arena, struct sim_item *item)
{
    return arena_printf(arena, "%lld", (long long)state_of(item));
}

static const char *read_counter(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(!form_true(item, SET_APPOINTMENT, EVENT_NO_COUNTER));
}

static const char *read_online(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(form_true(item, SET_APPOINTMENT, 0x8240));
}

static const char *read_own(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return truth(event_is_own(item));
}

/* --- The table ----------------------------------------------------------- */

#define APPT SET_APPOINTMENT
#define TIME(number) LID(APPOINTMENT, number, SYSTEM_TIME)

/* clang-format off */
const struct form_field calendar_fields[] = {
    { { "calendar:UID", "UID", SP1, ROW | NEW, READ(read_uid), NULL }, event_store_uid },
    { { "calendar:RecurrenceId", "RecurrenceId", SP1, ROW, READ(read_original), put_time_field }, NULL },
    { { "calendar:DateTimeStamp", "DateTimeStamp", SP1, ROW, LID(MEETING, MEETING_STAMP, SYSTEM_TIME), put_time_field }, NULL },
    { { "calendar:Start", "Start", V07, DEF | ROW | ANY, TIME(EVENT_START), put_time_field }, event_store_time },
    { { "calendar:End", "End", V07, DEF | ROW | ANY, TIME(EVENT_END), put_time_field }, event_store_time },
    { { "calendar:OriginalStart", "OriginalStart", V07, ROW, READ(read_original), put_time_field }, NULL },
    { { "calendar:IsAllDayEvent", "IsAllDayEvent", V07, ROW | ANY, READ(read_all_day), NULL }, event_store_all_day },
    { { "calendar:LegacyFreeBusyStatus", "LegacyFreeBusyStatus", V07, DEF | ROW | ANY, WORDS(APPT, EVENT_BUSY, sim_busy_words), NULL }, event_store_busy },
    { { "calendar:Location", "Location", V07, DEF | ROW | ANY, LID(APPOINTMENT, EVENT_LOCATION, STRING), NULL }, NULL },
    { { "calendar:When", "When", V07, ALL, NOTHING, NULL }, NULL },
    { { "calendar:IsMeeting", "IsMeeting", V07, ROW, READ(read_meeting), NULL }, NULL },
    { { "calendar:IsCancelled", "IsCancelled", V07, ROW, READ(read_cancelled), NULL }, NULL },
    { { "calendar:IsRecurring", "IsRecurring", V07, ROW, READ(read_recurring), NULL }, NULL },
    { { "calendar:MeetingRequestWasSent", "MeetingRequestWasSent", V07, ROW, READ(read_sent), NULL }, NULL },
    { { "calendar:IsResponseRequested", "IsResponseRequested", V07, ROW | ANY, READ(read_wanted), NULL }, event_store_wanted },
    { { "calendar:CalendarItemType", "CalendarItemType", V07, DEF | ROW, READ(read_type), NULL }, NULL },
    { { "calendar:MyResponseType", "MyResponseType", V07, ROW, WORDS(APPT, EVENT_RESPONSE, sim_responses), NULL }, NULL },
    { { "calendar:Organizer", "Organizer", V07, DEF | ROW, NOTHING, event_put_organizer }, NULL },
    { { "calendar:RequiredAttendees", "RequiredAttendees", V07, DEF | ALL | ANY, { .tag = HIDDEN_REQUIRED }, event_put_attendees }, event_store_attendees },
    { { "calendar:OptionalAttendees", "OptionalAttendees", V07, DEF | ALL | ANY, { .tag = HIDDEN_OPTIONAL }, event_put_attendees }, event_store_attendees },
    { { "calendar:Resources", "Resources", V07, DEF | ALL | ANY, { .tag = HIDDEN_RESOURCES }, event_put_attendees }, event_store_attendees },
    { { "calendar:InboxReminders", "InboxReminders", V16, 0, NOTHING, NULL }, NULL },
    { { "calendar:ConflictingMeetingCount", "ConflictingMeetingCount", V07, 0, NOTHING, NULL }, NULL },
    { { "calendar:AdjacentMeetingCount", "AdjacentMeetingCount", V07, 0, NOTHING, NULL }, NULL },
    { { "calendar:ConflictingMeetings", "ConflictingMeetings", V07, 0, NOTHING, NULL }, NULL },
    { { "calendar:AdjacentMeetings", "AdjacentMeetings", V07, 0, NOTHING, NULL }, NULL },
    { { "calendar:Duration", "Duration", V07, ROW, READ(read_duration), NULL }, NULL },
    { { "calendar:TimeZone", "TimeZone", V07, ROW, READ(read_zone_name), NULL }, NULL },
    { { "calendar:AppointmentReplyTime", "AppointmentReplyTime", V07, ROW, TIME(EVENT_REPLIED), put_time_field }, NULL },
    { { "calendar:AppointmentSequenceNumber", "AppointmentSequenceNumber", V07, ROW, READ(read_sequence), NULL }, NULL },
    { { "calendar:AppointmentState", "AppointmentState", V07, ROW, READ(read_state), NULL }, NULL },
    { { "calendar:Recurrence", "Recurrence", V07, DEF | ALL | ANY, NOTHING, event_put_recurrence }, event_store_recurrence },
    { { "calendar:FirstOccurrence", "FirstOccurrence", V07, DEF | ALL, NOTHING, event_put_bound }, NULL },
    { { "calendar:LastOccurrence", "LastOccurrence", V07, DEF | ALL, NOTHING, event_put_bound }, NULL },
    { { "calendar:ModifiedOccurrences", "ModifiedOccurrences", V07, DEF | ALL, NOTHING, event_put_modified }, NULL },
    { { "calendar:DeletedOccurrences", "DeletedOccurrences", V07, DEF | ALL, NOTHING, event_put_deleted }, NULL },
    { { "calendar:MeetingTimeZone", "MeetingTimeZone", V07, ALL | ANY, NOTHING, event_put_meeting_zone }, event_store_zone },
    { { "calendar:StartTimeZone", "StartTimeZone", V10, ROW | ANY, { .tag = HIDDEN_START_ZONE }, event_put_zone }, event_store_zone },
    { { "calendar:EndTimeZone", "EndTimeZone", V10, ROW | ANY, { .tag = HIDDEN_END_ZONE }, event_put_zone }, event_store_zone },
    { { "calendar:ConferenceType", "ConferenceType", V07, ROW | ANY, LID(APPOINTMENT, 0x8241, INTEGER), NULL }, NULL },
    { { "calendar:AllowNewTimeProposal", "AllowNewTimeProposal", V07, ROW | ANY, READ(read_counter), NULL }, event_store_counter },
    { { "calendar:IsOnlineMeeting", "IsOnlineMeeting", V07, ROW | ANY, READ(read_online), NULL }, event_store_online },
    { { "calendar:MeetingWorkspaceUrl", "MeetingWorkspaceUrl", V07, ROW | ANY, LID(APPOINTMENT, 0x8209, STRING), NULL }, NULL },
    { { "calendar:NetShowUrl", "NetShowUrl", V07, ROW | ANY, LID(APPOINTMENT, 0x8248, STRING), NULL }, NULL },
    { { "calendar:EnhancedLocation", "EnhancedLocation", V13S, ALL | ANY, NOTHING, event_put_location }, event_store_location },
    { { "calendar:StartWallClock", "StartWallClock", V13, ROW, { .tag = EVENT_START }, event_put_wall }, NULL },
    { { "calendar:EndWallClock", "EndWallClock", V13, ROW, { .tag = EVENT_END }, event_put_wall }, NULL },
    { { "calendar:StartTimeZoneId", "StartTimeZoneId", V13, ROW, READ(read_zone_id), NULL }, NULL },
    { { "calendar:EndTimeZoneId", "EndTimeZoneId", V13, ROW, READ(read_end_zone_id), NULL }, NULL },
    { { "calendar:IntendedFreeBusyStatus", "IntendedFreeBusyStatus", V13, ROW, WORDS(APPT, EVENT_INTENDED, sim_busy_words), NULL }, NULL },
    { { "calendar:JoinOnlineMeetingUrl", "JoinOnlineMeetingUrl", V13, ROW, LID(HIDDEN, 20, STRING), NULL }, NULL },
    { { "calendar:OnlineMeetingSettings", "OnlineMeetingSettings", V13, 0, NOTHING, NULL }, NULL },
    { { "calendar:IsOrganizer", "IsOrganizer", V13, ROW, READ(read_own), NULL }, NULL },
    { { "calendar:CalendarActivityData", "CalendarActivityData", V16, 0, NOTHING, NULL }, NULL },
    { { "calendar:DoNotForwardMeeting", "DoNotForwardMeeting", V16, ROW | ANY, LID(HIDDEN, 21, BOOLEAN), NULL }, NULL },
    END
};

#define MEETING_ROW(uri, element, since, where, ...) \
    { { uri, element, since, where, __VA_ARGS__ }, NULL }

const struct form_field meeting_fields[] = {
    MEETING_ROW("meeting:AssociatedCalendarItemId", "AssociatedCalendarItemId", V07, DEF | ALL, NOTHING, meeting_put_item),
    MEETING_ROW("meeting:IsDelegated", "IsDelegated", V07, DEF | ROW, READ(meeting_read_no), NULL),
    MEETING_ROW("meeting:IsOutOfDate", "IsOutOfDate", V07, DEF | ROW, READ(meeting_read_outdated), NULL),
    MEETING_ROW("meeting:HasBeenProcessed", "HasBeenProcessed", V07, DEF | ROW, READ(meeting_read_processed), NULL),
    MEETING_ROW("meeting:ResponseType", "ResponseType", V07, DEF | ROW, READ(meeting_read_response), NULL),
    MEETING_ROW("calendar:UID", "UID", SP1, ALL, READ(read_uid), NULL),
    MEETING_ROW("calendar:DateTimeStamp", "DateTimeStamp", SP1, ALL, LID(MEETING, MEETING_STAMP, SYSTEM_TIME), put_time_field),
    MEETING_ROW("meetingRequest:MeetingRequestType", "MeetingRequestType", V07, DEF | ALL | REQUEST_ONLY, READ(meeting_read_type), NULL),
    MEETING_ROW("meetingRequest:IntendedFreeBusyStatus", "IntendedFreeBusyStatus", V07, DEF | ALL | REQUEST_ONLY, WORDS(APPT, EVENT_INTENDED, sim_busy_words), NULL),
    MEETING_ROW("calendar:Start", "Start", V07, DEF | ROW | REQUEST_ONLY, TIME(EVENT_START), put_time_field),
    MEETING_ROW("calendar:End", "End", V07, DEF | ROW | REQUEST_ONLY, TIME(EVENT_END), put_time_field),
    MEETING_ROW("calendar:IsAllDayEvent", "IsAllDayEvent", V07, ROW | REQUEST_ONLY, READ(read_all_day), NULL),
    MEETING_ROW("calendar:LegacyFreeBusyStatus", "LegacyFreeBusyStatus", V07, ROW | REQUEST_ONLY, WORDS(APPT, EVENT_BUSY, sim_busy_words), NULL),
    MEETING_ROW("calendar:Location", "Location", V07, DEF | ROW | REQUEST_ONLY, LID(APPOINTMENT, EVENT_LOCATION, STRING), NULL),
    MEETING_ROW("calendar:IsMeeting", "IsMeeting", V07, ROW | REQUEST_ONLY, READ(read_meeting), NULL),
    MEETING_ROW("calendar:IsCancelled", "IsCancelled", V07, ROW | REQUEST_ONLY, READ(read_cancelled), NULL),
    MEETING_ROW("calendar:CalendarItemType", "CalendarItemType", V07, ROW | REQUEST_ONLY, READ(read_type), NULL),
    MEETING_ROW("calendar:Organizer", "Organizer", V07, ALL | REQUEST_ONLY, NOTHING, event_put_organizer),
    MEETING_ROW("calendar:RequiredAttendees", "RequiredAttendees", V07, ALL | REQUEST_ONLY, { .tag = HIDDEN_REQUIRED }, event_put_attendees),
    MEETING_ROW("calendar:OptionalAttendees", "OptionalAttendees", V07, ALL | REQUEST_ONLY, { .tag = HIDDEN_OPTIONAL }, event_put_attendees),
    MEETING_ROW("calendar:Resources", "Resources", V07, ALL | REQUEST_ONLY, { .tag = HIDDEN_RESOURCES }, event_put_attendees),
    MEETING_ROW("calendar:Duration", "Duration", V07, ROW | REQUEST_ONLY, READ(read_duration), NULL),
    MEETING_ROW("calendar:TimeZone", "TimeZone", V07, ROW | REQUEST_ONLY, READ(read_zone_name), NULL),
    MEETING_ROW("calendar:AppointmentSequenceNumber", "AppointmentSequenceNumber", V07, ROW | REQUEST_ONLY, READ(read_sequence), NULL),
    MEETING_ROW("calendar:AppointmentState", "AppointmentState", V07, ROW | REQUEST_ONLY, READ(read_state), NULL),
    MEETING_ROW("calendar:Recurrence", "Recurrence", V07, ALL | REQUEST_ONLY, NOTHING, event_put_recurrence),
    MEETING_ROW("calendar:StartTimeZone", "StartTimeZone", V10, ALL | REQUEST_ONLY, { .tag = HIDDEN_START_ZONE }, event_put_zone),
    MEETING_ROW("calendar:EndTimeZone", "EndTimeZone", V10, ALL | REQUEST_ONLY, { .tag = HIDDEN_END_ZONE }, event_put_zone),
    MEETING_ROW("meeting:ProposedStart", "ProposedStart", V13S, 0, NOTHING, NULL),
    MEETING_ROW("meeting:ProposedEnd", "ProposedEnd", V13S, 0, NOTHING, NULL),
    MEETING_ROW("meeting:DoNotForwardMeeting", "DoNotForwardMeeting", V16, 0, NOTHING, NULL),
    MEETING_ROW("meetingRequest:ChangeHighlights", "ChangeHighlights", V13, 0, NOTHING, NULL),
    END
};
/* clang-format on */
