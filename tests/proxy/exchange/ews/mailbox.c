/*
 * mailbox.c - see mailbox.h
 */
#include "tests/proxy/exchange/ews/mailbox.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"

void mailbox_init(struct mailbox *mailbox, const char *url)
{
    /* Proxies of whoever runs the tests have no part in them. */
    setenv("no_proxy", "127.0.0.1,localhost", 1);
    *mailbox =
        (struct mailbox){ .arena = arena_new(), .settings = settings_new() };
    op_init(&mailbox->op, mailbox->arena, "test");
    mailbox_set(mailbox, "exchange.url", url);
    mailbox_set(mailbox, "exchange.patience", "10m");
    mailbox_set(mailbox, "exchange.timeout", "5m");
}

void mailbox_set(struct mailbox *mailbox, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(mailbox->settings, key, value, &error), "%s: %s",
              key, error);
}

void mailbox_fini(struct mailbox *mailbox)
{
    if (mailbox->remote != NULL)
        ews_backend.close(&mailbox->remote);
    secret_free(&mailbox->password);
    settings_free(&mailbox->settings);
    arena_free(&mailbox->arena);
}

enum status mailbox_open_as(struct mailbox *mailbox, const char *user,
                            const char *password)
{
    mailbox->password = secret_new(password, strlen(password));
    return ews_backend.open(&mailbox->op, mailbox->settings, user, NULL,
                            mailbox->password, &mailbox->remote,
                            &mailbox->about);
}

enum status mailbox_open(struct mailbox *mailbox)
{
    return mailbox_open_as(mailbox, "ann@example.com", "secret");
}

struct spool *mailbox_spool(const char *text, size_t len)
{
    struct spool *spool = spool_new(NULL, 0);

    cr_assert(spool_write(spool, text, len));
    return spool;
}

char *mailbox_text(struct arena *arena, const struct spool *spool,
                   size_t *len_out)
{
    size_t len = (size_t)spool_size(spool);
    char *text = arena_alloc(arena, len + 1);

    cr_assert_eq(spool_read(spool, 0, text, len), (long)len);
    if (len_out != NULL)
        *len_out = len;
    return text;
}

/* --- The responder -------------------------------------------------------- */

void responder_operation(const char *body, char operation_out[64])
{
    const char *start = strstr(body, "<soap:Body><m:");

    operation_out[0] = '\0';
    if (start != NULL)
        sscanf(start + 14, "%63[A-Za-z]", operation_out);
}

size_t responder_count(const char *text, const char *part)
{
    size_t count = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

/* clang-format off */

/* What each operation says about one thing; %zu is its number. */
static const struct {
    const char *operation;
    const char *asked;      /* counts the things in a request; NULL: one */
    const char *content;
} answers[] = {
    { "GetFolder",   "FolderId Id=", "<m:Folders><t:Folder><t:FolderId Id=\"folder%zu\" ChangeKey=\"c\"/>"
                     "<t:TotalCount>7</t:TotalCount><t:UnreadCount>3</t:UnreadCount></t:Folder></m:Folders>" },
    { "ConvertId",   NULL, "<m:AlternateId Format=\"EwsId\" Id=\"x%zu\" Mailbox=\"Ann.Lee@example.com\"/>" },
    { "SyncFolderHierarchy", NULL, "<m:SyncState>tree%zu</m:SyncState><m:IncludesLastFolderInRange>true"
                     "</m:IncludesLastFolderInRange><m:Changes/>" },
    { "SyncFolderItems", NULL, "<m:SyncState>state%zu</m:SyncState><m:IncludesLastItemInRange>true"
                     "</m:IncludesLastItemInRange><m:Changes/>" },
    { "FindItem",    NULL, "<m:RootFolder IndexedPagingOffset=\"0\" TotalItemsInView=\"%zu\" "
                     "IncludesLastItemInRange=\"true\"><t:Items/></m:RootFolder>" },
    { "GetItem",     "<t:ItemId ", "<m:Items><t:Message><t:MimeContent CharacterSet=\"UTF-8\">QTogYg0KDQo="
                     "</t:MimeContent><t:ItemId Id=\"item%zu\" ChangeKey=\"k\"/></t:Message></m:Items>" },
    { "UpdateItem",  "<t:ItemId ", "<m:Items><t:Message><t:ItemId Id=\"item%zu\" ChangeKey=\"k2\"/></t:Message></m:Items>" },
    { "CopyItem",    "<t:ItemId ", "<m:Items><t:Message><t:ItemId Id=\"copy%zu\" ChangeKey=\"k\"/></t:Message></m:Items>" },
    { "MoveItem",    "<t:ItemId ", "<m:Items><t:Message><t:ItemId Id=\"moved%zu\" ChangeKey=\"k\"/></t:Message></m:Items>" },
    { "DeleteItem",  "<t:ItemId ", "" },
    { "CreateItem",  NULL, "<m:Items><t:Message><t:ItemId Id=\"new%zu\" ChangeKey=\"k\"/></t:Message></m:Items>" },
    { "CreateFolder", NULL, "<m:Folders><t:Folder><t:FolderId Id=\"made%zu\" ChangeKey=\"c\"/></t:Folder></m:Folders>" },
    { "UpdateFolder", NULL, "<m:Folders><t:Folder><t:FolderId Id=\"f%zu\" ChangeKey=\"c\"/></t:Folder></m:Folders>" },
    { "MoveFolder",  NULL, "<m:Folders><t:Folder><t:FolderId Id=\"f%zu\" ChangeKey=\"c\"/></t:Folder></m:Folders>" },
    { "DeleteFolder", NULL, "" },
    { "Subscribe",   NULL, "<m:SubscriptionId>subscription%zu</m:SubscriptionId><m:Watermark>w</m:Watermark>" },
    { "GetEvents",   NULL, "<m:Notification><t:SubscriptionId>subscription%zu</t:SubscriptionId><t:MoreEvents>false"
                     "</t:MoreEvents></m:Notification>" },
    { "GetStreamingEvents", NULL, "<m:ConnectionStatus>OK</m:ConnectionStatus>" },
    { "Unsubscribe", NULL, "" },
    { "FindFolder",  "FolderId Id=\"", "<m:RootFolder IndexedPagingOffset=\"1\" TotalItemsInView=\"1\" IncludesLastItemInRange"
                     "=\"true\"><t:Folders><t:Folder><t:FolderId Id=\"found%zu\"/></t:Folder></t:Folders></m:RootFolder>" },
    /* Two categories, the second without a colour. */
    { "GetUserConfiguration", NULL, "<m:UserConfiguration><t:UserConfigurationName Name=\"CategoryList%zu\"/><t:XmlData>"
                     "77u/PD94bWwgdmVyc2lvbj0iMS4wIj8+PGNhdGVnb3JpZXMgZGVmYXVsdD0iUmVkICZhbX"
                     "A7IENvIiB4bWxucz0iQ2F0ZWdvcnlMaXN0LnhzZCI+PGNhdGVnb3J5IG5hbWU9IlJlZCAm"
                     "YW1wOyBDbyIgY29sb3I9IjMiIGtleWJvYXJkU2hvcnRjdXQ9IjAiLz48Y2F0ZWdvcnkgbm"
                     "FtZT0iTm9uZSIgY29sb3I9Ii0xIi8+PC9jYXRlZ29yaWVzPg=="
                     "</t:XmlData></m:UserConfiguration>" },
};
/* clang-format on */

static void answer_operation(const struct responder *responder,
                             const char *operation, const char *body,
                             struct server_reply *reply)
{
    struct buf messages;

    buf_init(&messages, NULL);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (strcmp(answers[i].operation, operation) != 0)
            continue;
        size_t count = answers[i].asked != NULL
                           ? responder_count(body, answers[i].asked)
                           : 1;
        for (size_t n = 0; n < count; n++) {
            buf_printf(&messages,
                       "<m:%sResponseMessage ResponseClass=\"Success\">"
                       "<m:ResponseCode>NoError</m:ResponseCode>",
                       operation);
            buf_printf(&messages, answers[i].content, n);
            buf_printf(&messages, "</m:%sResponseMessage>", operation);
        }
    }
    reply->body = server_soap(operation, responder->build,
                              messages.data != NULL ? messages.data : "");
    buf_fini(&messages);
}

void responder_answer(void *context, const struct server_request *request,
                      struct server_reply *reply)
{
    struct responder *responder = context;
    char operation[64];

    responder_operation(request->body, operation);
    if (responder->special != NULL &&
        responder->special(responder, request, operation, reply))
        return;
    answer_operation(responder, operation, request->body, reply);
}
