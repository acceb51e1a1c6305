/*
 * ical_put_people.c - who organizes an event and who attends it, put into its
 * VEVENT
 *
 * Line by line: whom Exchange has as the client said it keeps the line that the
 * client wrote.
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_private.h"

/* --- Attendees ----------------------------------------------------------- */

static const char *answer_text(enum event_answer answer)
{
    static const char *const texts[] = {
        [ANSWER_NONE] = "NEEDS-ACTION",   [ANSWER_ACCEPTED] = "ACCEPTED",
        [ANSWER_TENTATIVE] = "TENTATIVE", [ANSWER_DECLINED] = "DECLINED",
        [ANSWER_ORGANIZER] = "ACCEPTED",
    };
    return texts[answer];
}

static const struct attendee *find_attendee(const struct event *event,
                                            const char *address)
{
    for (size_t i = 0; event != NULL && i < event->attendee_count; i++)
        if (str_equal_nocase(event->attendees[i].address, address))
            return &event->attendees[i];
    return NULL;
}

/* One's own answer is the event's: Exchange does not list it with others'. */
static enum event_answer answer_of(const struct ical_pen *pen,
                                   const struct event *event,
                                   const struct attendee *attendee)
{
    bool own = ical_is_self(&pen->context, attendee->address);
    return own && event->answer != ANSWER_ORGANIZER ? event->answer
                                                    : attendee->answer;
}

static void set_role(struct ical_pen *pen, struct ical_line *line,
                     enum event_role role)
{
    struct arena *arena = pen->context.arena;
    const char *type = ical_param(line, "CUTYPE");
    if (role == ROLE_RESOURCE)
        type = "RESOURCE";
    else if (type != NULL && (str_equal_nocase(type, "ROOM") ||
                              str_equal_nocase(type, "RESOURCE")))
        type = NULL;
    ical_line_set_param(arena, line, "CUTYPE", type);
    ical_line_set_param(arena, line, "ROLE",
                        role == ROLE_OPTIONAL ? "OPT-PARTICIPANT" : NULL);
    pen->touched = true;
}

static void patch_attendee(struct ical_pen *pen, struct ical_line *line,
                           const struct event *was, const struct event *shall,
                           const struct attendee *now)
{
    const struct attendee *before = find_attendee(was, now->address);
    if (before == NULL)
        return;
    if (before->role != now->role)
        set_role(pen, line, now->role);
    enum event_answer answer = answer_of(pen, shall, now);
    if (answer_of(pen, was, before) == answer)
        return;
    ical_line_set_param(pen->context.arena, line, "PARTSTAT",
                        answer_text(answer));
    if (answer != ANSWER_NONE)
        ical_line_set_param(pen->context.arena, line, "RSVP", NULL);
    pen->touched = true;
}

static void add_attendee(struct ical_pen *pen, struct ical_component *component,
                         const struct event *shall,
                         const struct attendee *attendee)
{
    static const char *const roles[] = {
        [ROLE_REQUIRED] = "",
        [ROLE_OPTIONAL] = ";ROLE=OPT-PARTICIPANT",
        [ROLE_RESOURCE] = ";CUTYPE=RESOURCE",
    };
    static const char *const agents[] = {
        [AGENT_SERVER] = "",
        [AGENT_CLIENT] = ";SCHEDULE-AGENT=CLIENT",
        [AGENT_NOBODY] = ";SCHEDULE-AGENT=NONE",
    };
    struct arena *arena = pen->context.arena;
    const char *name = attendee->name != NULL && *attendee->name != '\0'
                           ? attendee->name
                           : attendee->address;
    enum event_answer answer = answer_of(pen, shall, attendee);
    ical_line_add(
        arena, component,
        arena_printf(arena, "ATTENDEE;CN=%s%s%s;PARTSTAT=%s%s:mailto:%s",
                     ical_param_quote(arena, name), roles[attendee->role],
                     agents[attendee->agent], answer_text(answer),
                     attendee->rsvp ? ";RSVP=TRUE" : "", attendee->address));
    pen->touched = true;
}

void ical_put_attendees(struct ical_pen *pen, struct ical_component *component,
                        const struct event *was, const struct event *shall)
{
    struct arena *arena = pen->context.arena;
    struct ical_line *line = ical_line_find(component, "ATTENDEE"), *next;
    for (; line != NULL; line = next) {
        next = ical_line_next(line, "ATTENDEE");
        const char *address = ical_address(arena, line);
        const struct attendee *now = find_attendee(shall, address);
        if (now != NULL)
            patch_attendee(pen, line, was, shall, now);
        else if (find_attendee(was, address) != NULL) {
            ical_line_remove(component, line);
            pen->touched = true;
        }
    }
    for (size_t i = 0; i < shall->attendee_count; i++)
        if (find_attendee(was, shall->attendees[i].address) == NULL)
            add_attendee(pen, component, shall, &shall->attendees[i]);
}

/* --- The organizer ------------------------------------------------------- */

static bool same_person(const struct ical_pen *pen, const char *a,
                        const char *b)
{
    return str_equal_nocase(a, b) ||
           (ical_is_self(&pen->context, a) && ical_is_self(&pen->context, b));
}

void ical_put_organizer(struct ical_pen *pen, struct ical_component *component,
                        const struct event *shall)
{
    struct arena *arena = pen->context.arena;
    const struct ical_line *line = ical_line_find(component, "ORGANIZER");
    const char *old = line != NULL ? ical_address(arena, line) : NULL;
    if (!shall->is_meeting || shall->organizer == NULL) {
        if (old != NULL && !ical_is_self(&pen->context, old))
            ical_put(pen, component, "ORGANIZER", NULL);
        return;
    }
    if (line != NULL && same_person(pen, old, shall->organizer))
        return;
    const char *name =
        shall->organizer_name != NULL && *shall->organizer_name != '\0'
            ? shall->organizer_name
            : shall->organizer;
    ical_put(pen, component, "ORGANIZER",
             arena_printf(arena, "ORGANIZER;CN=%s:mailto:%s",
                          ical_param_quote(arena, name), shall->organizer));
}
