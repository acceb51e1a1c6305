/*
 * owner.c - whose a token is
 *
 * Exchange lets in who has got the token, whatever name a client has put beside
 * it, and does not say who that is.  What is kept here of a mailbox belongs to
 * the name, so both have to be the same person: the inbox of who calls has the
 * id of the inbox at that address.
 */
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/ews.h"

struct inboxes {
    const char *names[2]; /* of who calls, and of the user */
    const char *ids[2];   /* NULL: not to be seen */
    struct arena *arena;
};

static void build(void *context, struct soap_request *request,
                  const size_t which[], size_t count)
{
    const struct inboxes *inboxes = context;
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:FolderShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_close(writer);
    xml_open(writer, "m:FolderIds");
    for (size_t i = 0; i < count; i++)
        soap_folder(writer, inboxes->names[which[i]]);
    xml_close(writer);
}

static void take(void *context, size_t which,
                 const struct soap_message *message)
{
    struct inboxes *inboxes = context;

    if (message->verdict.status == STATUS_OK)
        inboxes->ids[which] = arena_strdup(
            inboxes->arena,
            xml_value(xml_descendant(message->node, "FolderId"), "Id"));
}

static enum status compare(struct op *op, struct ews *ews, const char *user)
{
    struct inboxes inboxes = {
        .names = { "#inbox", arena_printf(op->arena, "#inbox:%s", user) },
        .arena = op->arena,
    };
    struct batch batch = {
        .operation = "GetFolder",
        .count = 2,
        .most = 2,
        .build = build,
        .done = take,
        .context = &inboxes,
    };
    enum status status = batch_run(op, ews, &batch);

    if (status != STATUS_OK)
        return status;
    if (inboxes.ids[0] == NULL || inboxes.ids[1] == NULL ||
        !str_equal(inboxes.ids[0], inboxes.ids[1]))
        return op_fail(op, STATUS_AUTH_REFUSED,
                       "the token has been given to someone else");
    return STATUS_OK;
}

enum status ews_check_owner(struct op *op, struct ews *ews, const char *user,
                            const char *address)
{
    if (ews->mailbox == NULL && str_equal_nocase(user, address))
        return STATUS_OK;
    if (strchr(user, '@') == NULL)
        return op_fail(op, STATUS_AUTH_REFUSED,
                       "with a token the user's name is his address");
    return compare(op, ews, user);
}
