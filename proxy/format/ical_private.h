/*
 * ical_private.h - a text with what it means; for ical_*.c
 */
#ifndef POSTERN_FORMAT_ICAL_PRIVATE_H
#define POSTERN_FORMAT_ICAL_PRIVATE_H

#include "proxy/format/ical.h"
#include "proxy/format/ical_values.h"

/* What a reading knows besides the component it is at. */
struct ical_context {
    struct arena *arena;
    struct ical_times times;
    const char *const *self;
};

/* A text and the object in it. */
struct ical_parsed {
    struct ical_context context;
    struct ical_component *calendar;
    struct ical_object object;
    struct ical_component *master;      /* the VEVENT or VTODO; NULL */
    struct ical_component **exceptions; /* as object.series.exceptions */
};

/* `trusted`: the text is one that was read before, or written by us. */
enum ical_problem ical_parse(struct arena *arena, const char *text, size_t len,
                             const struct zone *zone, const char *const *self,
                             bool trusted, struct ical_parsed *out,
                             const char **reason_out);

/* ICAL_EARLY, ICAL_LATE with a reason; a rule may go on for longer. */
enum ical_problem ical_dates_check(const struct ical_object *object,
                                   const struct zone *zone,
                                   const char **reason_out);

enum ical_problem ical_event_read(const struct ical_context *context,
                                  const struct ical_component *component,
                                  struct event *out, const char **reason_out);
enum ical_problem ical_task_read(const struct ical_context *context,
                                 const struct ical_component *component,
                                 struct task *out, const char **reason_out);

/* An exception by which a program marks the next day of a series of tasks as
 * done becomes what the series says of itself; false where there is none. */
bool ical_task_take_done(const struct ical_context *context,
                         struct ical_component *calendar);

/* The RRULE of a component, NULL where it has none.  With a reason:
 * ICAL_RECURRENCE where Exchange cannot hold it, ICAL_SYNTAX where it is no
 * rule. */
enum ical_problem ical_recurrence_read(const struct ical_context *context,
                                       const struct ical_component *component,
                                       const struct when *start,
                                       const struct recurrence **out,
                                       const char **reason_out);

/* What both have. */
const char *ical_text_of(const struct ical_context *context,
                         const struct ical_component *component,
                         const char *name);
const char *ical_html_of(const struct ical_context *context,
                         const struct ical_component *component,
                         const char *description);
enum event_class ical_class_of(const struct ical_component *component);
enum event_importance ical_importance_of(
    const struct ical_component *component);
const char *const *ical_categories_of(const struct ical_context *context,
                                      const struct ical_component *component);
int64_t ical_instant_of(const struct ical_context *context,
                        const struct ical_component *component,
                        const char *name);

/* The alarm that Exchange holds as its reminder, and when it is: of events
 * seconds before the start, of tasks an instant.  NULL: there is none. */
struct ical_component *ical_event_alarm(const struct ical_context *context,
                                        const struct ical_component *component,
                                        const struct event *event,
                                        int64_t *before_out);
struct ical_component *ical_task_alarm(const struct ical_context *context,
                                       const struct ical_component *component,
                                       const struct task *task,
                                       int64_t *instant_out);

/* The instant of an alarm that is relative to a time. */
int64_t ical_when_rings(const struct ical_context *context,
                        const struct when *base,
                        const struct ical_duration *after);

bool ical_is_self(const struct ical_context *context, const char *address);

/* --- Writing ------------------------------------------------------------- */

/* Puts into a component what Exchange holds otherwise than `was`, which is what
 * the component says (NULL: it is new). */
struct ical_pen {
    struct ical_context context;
    const char *attachment_base;
    bool touched; /* something was put */
};
void ical_event_put(struct ical_pen *pen, struct ical_component *component,
                    const struct event *was, const struct event *shall);
void ical_task_put(struct ical_pen *pen, struct ical_component *component,
                   const struct task *was, const struct task *shall);

/* Lines of a name become one (`text` NULL: none). */
void ical_put(struct ical_pen *pen, struct ical_component *component,
              const char *name, const char *text);
void ical_put_text(struct ical_pen *pen, struct ical_component *component,
                   const char *name, const char *text);
void ical_put_body(struct ical_pen *pen, struct ical_component *component,
                   const char *description, const char *html);
void ical_put_class(struct ical_pen *pen, struct ical_component *component,
                    enum event_class class);
void ical_put_importance(struct ical_pen *pen, struct ical_component *component,
                         enum event_importance importance);
void ical_put_categories(struct ical_pen *pen, struct ical_component *component,
                         const char *const *categories);
void ical_put_alarm(struct ical_pen *pen, struct ical_component *component,
                    struct ical_component *alarm, const char *trigger);
void ical_put_organizer(struct ical_pen *pen, struct ical_component *component,
                        const struct event *shall);
void ical_put_attendees(struct ical_pen *pen, struct ical_component *component,
                        const struct event *was, const struct event *shall);

#endif
