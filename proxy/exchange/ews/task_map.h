/*
 * task_map.h - tasks as items of Exchange, and back
 */
#ifndef POSTERN_EXCHANGE_EWS_TASK_MAP_H
#define POSTERN_EXCHANGE_EWS_TASK_MAP_H

#include "proxy/exchange/ews/fields.h"
#include "proxy/format/event.h"

struct arena;

/* The parts of an item that are no parts of a task. */
enum task_extra {
    TASK_NAME = TASK_PART_COUNT,
    TASK_KEPT,
    TASK_TOKEN,
    TASK_UID
};

/* A task as it shall be. */
struct task_form {
    const struct task *task;
    const struct task *was; /* NULL: it is new */
    const char *name;
    const char *kept; /* packed; NULL or "": it goes */
    const char *token;
};

void task_want(struct soap_request *request);
struct task *task_read(struct arena *arena, const struct xml_node *node,
                       const struct zone *zone);

/* The children of t:Task of a new one; those of t:Updates. */
void task_write_new(struct soap_request *request, const struct task_form *form);
void task_write_changes(struct soap_request *request,
                        const struct task_form *form, unsigned parts);
bool task_has_changes(enum ews_version version, const struct task_form *form,
                      unsigned parts);

#endif
