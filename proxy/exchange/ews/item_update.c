/*
 * item_update.c - flags and categories as they shall be
 *
 * Each flag is written only where it changes, to the property that Exchange and
 * Outlook use for it.  One property goes into one SetItemField or
 * DeleteItemField.
 */
#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/columns.h"
#include "proxy/exchange/ews/flags.h"
#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/receipts.h"

#define ITEMS_AT_ONCE 100

struct updating {
    const struct remote_update *updates;
    struct remote_result *results;
    struct arena *arena;
    const size_t *which; /* the updates of this batch */
    bool without_read;   /* their items have no read mark: it goes to our own
                            flags */
    size_t *refused;     /* those whose items turn out to have none */
    size_t refused_count;
};

/* --- Writing -------------------------------------------------------------- */

static void delete_field(struct xml_writer *writer,
                         const struct property *property)
{
    xml_open(writer, "t:DeleteItemField");
    property_write_path(writer, property);
    xml_close(writer);
}

static void open_field(struct xml_writer *writer,
                       const struct property *property)
{
    xml_open(writer, "t:SetItemField");
    property_write_path(writer, property);
    xml_open(writer, "t:Message");
}

static void close_field(struct xml_writer *writer)
{
    xml_close(writer);
    xml_close(writer);
}

static void set_property(void *context, const struct property *property,
                         const char *value)
{
    struct xml_writer *writer = context;

    if (value == NULL) {
        delete_field(writer, property);
        return;
    }
    open_field(writer, property);
    property_write(writer, property, value);
    close_field(writer);
}

static void write_read_mark(struct xml_writer *writer, uint32_t flags)
{
    open_field(writer, &property_is_read);
    xml_element(writer, "t:IsRead", flags & MAIL_SEEN ? "true" : "false");
    close_field(writer);
}

static void write_categories(struct xml_writer *writer,
                             const char *const *categories)
{
    if (categories == NULL || *categories == NULL) {
        delete_field(writer, &property_categories);
        return;
    }
    open_field(writer, &property_categories);
    flags_write_categories(writer, categories);
    close_field(writer);
}

static void write_update(struct xml_writer *writer,
                         const struct remote_update *update, bool without_read)
{
    xml_open(writer, "t:ItemChange");
    xml_open(writer, "t:ItemId");
    xml_attribute(writer, "Id", update->id);
    if (update->change_key != NULL)
        xml_attribute(writer, "ChangeKey", update->change_key);
    xml_close(writer);
    xml_open(writer, "t:Updates");
    if (((update->flags ^ update->old_flags) & MAIL_SEEN) && !without_read)
        write_read_mark(writer, update->flags);
    flags_write_change(update->old_flags, update->flags, without_read,
                       set_property, writer);
    if (update->set_categories)
        write_categories(writer, update->categories);
    xml_close(writer);
    xml_close(writer);
}

static void build(void *context, struct soap_request *request,
                  const size_t which[], size_t count)
{
    const struct updating *updating = context;
    struct xml_writer *writer = &request->writer;

    const struct remote_update *first =
        &updating->updates[updating->which[which[0]]];

    xml_attribute(writer, "ConflictResolution",
                  first->change_key != NULL ? "NeverOverwrite"
                                            : "AlwaysOverwrite");
    xml_attribute(writer, "MessageDisposition", "SaveOnly");
    xml_attribute(writer, "SendMeetingInvitationsOrCancellations",
                  "SendToNone");
    /* For servers before it, see receipts.h. */
    if (request->version >= EWS_2013)
        xml_attribute(writer, "SuppressReadReceipts", "true");
    xml_open(writer, "m:ItemChanges");
    for (size_t i = 0; i < count; i++)
        write_update(writer, &updating->updates[updating->which[which[i]]],
                     updating->without_read);
    xml_close(writer);
}

/* --- Answers -------------------------------------------------------------- */

/* Appointments and contacts that lie among the messages have no read mark. */
static bool is_refusal(const struct updating *updating, size_t number,
                       const struct soap_message *message)
{
    const struct remote_update *update = &updating->updates[number];

    return !updating->without_read &&
           ((update->flags ^ update->old_flags) & MAIL_SEEN) != 0 &&
           (strcmp(message->code, "ErrorInvalidPropertyRequest") == 0 ||
            strcmp(message->code, "ErrorInvalidPropertySet") == 0);
}

static void take_result(void *context, size_t which,
                        const struct soap_message *message)
{
    struct updating *updating = context;
    size_t number = updating->which[which];
    struct remote_result *result = &updating->results[number];
    const struct xml_node *id = xml_descendant(message->node, "ItemId");

    result->status = message->verdict.status;
    if (is_refusal(updating, number, message))
        updating->refused[updating->refused_count++] = number;
    if (result->status != STATUS_OK)
        return;
    result->id = arena_strdup(updating->arena, xml_value(id, "Id"));
    if (result->id == NULL)
        result->id = updating->updates[number].id;
    result->change_key =
        arena_strdup(updating->arena, xml_value(id, "ChangeKey"));
}

static bool is_empty(const struct remote_update *update)
{
    return !update->set_categories &&
           !flags_differ(update->old_flags, update->flags);
}

static enum status run(struct op *op, struct ews *ews,
                       struct updating *updating, size_t count)
{
    struct batch batch = {
        .operation = "UpdateItem",
        .write = true,
        .count = count,
        .most = ITEMS_AT_ONCE,
        .build = build,
        .done = take_result,
        .context = updating,
    };

    return batch_run(op, ews, &batch);
}

static enum status suppress_receipts(struct op *op, struct ews *ews,
                                     const struct remote_update updates[],
                                     size_t count)
{
    const char **ids = arena_array(op->arena, count + 1, sizeof *ids);
    size_t read = 0;

    for (size_t i = 0; i < count; i++)
        if (updates[i].flags & ~updates[i].old_flags & MAIL_SEEN)
            ids[read++] = updates[i].id;
    return receipts_suppress(op, ews, (const char *const *)ids, read);
}

enum status ews_items_update(struct op *op, struct remote *remote,
                             const struct remote_update updates[], size_t count,
                             struct remote_result results[])
{
    size_t *which = arena_array(op->arena, count + 1, sizeof *which);
    size_t left = 0;
    struct updating updating = {
        .updates = updates,
        .results = results,
        .arena = op->arena,
        .which = which,
        .refused = arena_array(op->arena, count + 1, sizeof *updating.refused),
    };

    for (size_t i = 0; i < count; i++) {
        results[i] = (struct remote_result){ STATUS_OK, updates[i].id, NULL };
        if (!is_empty(&updates[i]))
            which[left++] = i;
    }
    enum status status =
        suppress_receipts(op, ews_of(remote), updates, count);
    if (status != STATUS_OK) {
        for (size_t i = 0; i < left; i++)
            results[which[i]].status = status;
        return status;
    }
    status = run(op, ews_of(remote), &updating, left);
    if (status != STATUS_OK || updating.refused_count == 0)
        return status;
    updating.which = updating.refused;
    updating.without_read = true;
    return run(op, ews_of(remote), &updating, updating.refused_count);
}
