/*
 * places.c - see places.h
 */
#include "proxy/exchange/ews/places.h"

#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/folder_words.h"

/* clang-format off */
const struct known places_of_mailbox[] = {
    { "#msgfolderroot", FOLDER_PLAIN },
    { "#inbox",         FOLDER_INBOX },
    { "#drafts",        FOLDER_DRAFTS },
    { "#sentitems",     FOLDER_SENT },
    { "#deleteditems",  FOLDER_TRASH },
    { "#junkemail",     FOLDER_JUNK },
    { "#outbox",        FOLDER_OUTBOX },
    { "#calendar",      FOLDER_CALENDAR_MAIN },
    { "#contacts",      FOLDER_CONTACTS_MAIN },
    { "#tasks",         FOLDER_TASKS_MAIN },
    { NULL,             FOLDER_PLAIN },
};
/* clang-format on */

struct places {
    const char *const *names;
    void (*shape)(struct xml_writer *writer);
    void (*found)(void *context, size_t which, enum status status,
                  const struct xml_node *folder);
    void *context;
};

void places_ids_only(struct xml_writer *writer)
{
    folder_write_shape(writer, NULL, 0);
}

static void build(void *context, struct soap_request *request,
                  const size_t which[], size_t count)
{
    const struct places *places = context;
    struct xml_writer *writer = &request->writer;

    places->shape(writer);
    xml_open(writer, "m:FolderIds");
    for (size_t i = 0; i < count; i++)
        soap_folder(writer, places->names[which[i]]);
    xml_close(writer);
}

static void done(void *context, size_t which,
                 const struct soap_message *message)
{
    const struct places *places = context;
    const struct xml_node *list = xml_child(message->node, "Folders");
    bool good = message->verdict.status == STATUS_OK && list != NULL;

    places->found(places->context, which, message->verdict.status,
                  good ? list->children : NULL);
}

enum status places_get(struct op *op, struct ews *ews,
                       const char *const names[], size_t count,
                       void (*shape)(struct xml_writer *writer),
                       void (*found)(void *context, size_t which,
                                     enum status status,
                                     const struct xml_node *folder),
                       void *context)
{
    struct places places = { names, shape, found, context };
    struct batch batch = {
        .operation = "GetFolder",
        .count = count,
        .most = count,
        .build = build,
        .done = done,
        .context = &places,
    };

    return batch_run(op, ews, &batch);
}
