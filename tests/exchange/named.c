/*
 * named.c - items by the ids in requests: items, occurrences, masters
 */
#include "tests/exchange/series.h"

#include <stdlib.h>

#include "proxy/base/str.h"
#include "tests/exchange/form.h"

static struct sim_item *master_of(struct call *call,
                                  const struct sim_id_parts *parts)
{
    char *id =
        sim_id_make(call->arena, parts->mailbox, ID_ITEM, parts->serial, 0);
    struct sim_item *item =
        parts->current ? sim_item_by_id(call->exchange, id) : NULL;

    return item != NULL && item->series != NULL ? item : NULL;
}

static struct sim_item *occurrence_of(struct call *call,
                                      struct sim_item *master, int64_t day,
                                      const char **code)
{
    if (master == NULL)
        return NULL;
    if (day == NO_DAY || sim_rule_number(&master->series->rule, day) == 0)
        *code = "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange";
    else if (!sim_series_has(master->series, day))
        *code = "ErrorCalendarOccurrenceIsDeletedFromRecurrence";
    else
        return sim_occurrence(call->arena, master, day);
    return NULL;
}

static struct sim_item *nth_occurrence(struct call *call, struct sim_item *item,
                                       const char *index, const char **code)
{
    if (item == NULL)
        return NULL;
    if (item->series == NULL || form_of(item) != FORM_EVENT) {
        *code = "ErrorCalendarCannotUseIdForOccurrenceId";
        return NULL;
    }
    return occurrence_of(
        call, item,
        sim_rule_nth(&item->series->rule, (int)strtol(index, NULL, 10)), code);
}

/* An id of an occurrence stands for itself, or for the master that is asked. */
static struct sim_item *by_occurrence(struct call *call,
                                      const struct sim_id_parts *parts,
                                      bool master, const char **code)
{
    struct sim_item *item = master_of(call, parts);

    return master ? item
                  : occurrence_of(call, item, sim_occurrence_day(parts->extra),
                                  code);
}

struct sim_item *sim_item_named(struct call *call, const struct node *id,
                                const char **code)
{
    bool nth = node_is(id, "OccurrenceItemId");
    bool master = node_is(id, "RecurringMasterItemId");
    const char *text = node_attribute(id, nth      ? "RecurringMasterId"
                                          : master ? "OccurrenceId"
                                                   : "Id");
    struct sim_id_parts parts;
    struct sim_item *item;

    if (!sim_id_parse(call->exchange, text, &parts)) {
        *code = "ErrorInvalidIdMalformed";
        return NULL;
    }
    if (parts.kind == ID_OCCURRENCE && !nth)
        return by_occurrence(call, &parts, master, code);
    if (parts.kind != ID_ITEM) {
        *code = parts.kind == ID_FOLDER ? "ErrorCannotUseFolderIdForItemId"
                                        : "ErrorInvalidId";
        return NULL;
    }
    item = sim_item_by_id(call->exchange, text);
    if (master && item != NULL) {
        *code = "ErrorCalendarCannotUseIdForRecurringMasterId";
        return NULL;
    }
    return nth ? nth_occurrence(call, item, node_attribute(id, "InstanceIndex"),
                                code)
               : item;
}
