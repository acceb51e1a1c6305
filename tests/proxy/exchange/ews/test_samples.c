/*
 * test_samples.c - answers of real servers: all are survived, ours are
 * understood
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "tests/proxy/exchange/ews/mailbox.h"

/* --- What the slots give, as a line of text ------------------------------- */

static struct buf told;

static void tell_item(const char *what, const struct remote_item *item)
{
    char received[sizeof "-2147483648-01-01T00:00:00Z"] = "-";

    if (item->received != TIME_NONE)
        time_to_iso(item->received, received);
    buf_printf(&told, "%s id=%s key=%s class=%s received=%s flags=%x; ", what,
               item->id, item->change_key, item->class ? item->class : "",
               received, item->flags);
}

static bool tell_read(void *context, struct remote_read *read)
{
    (void)context;
    buf_printf(&told, "read %s %lu; ", status_name(read->status),
               read->content != NULL ? (unsigned long)spool_size(read->content)
                                     : 0);
    return true;
}

static bool tell_page(void *context, const struct remote_item_page *page)
{
    static const char *const kinds[] = { "present", "gone", "read" };

    (void)context;
    for (size_t i = 0; i < page->count; i++)
        tell_item(kinds[page->deltas[i].change], &page->deltas[i].item);
    buf_printf(&told, "state=%s last=%d", page->state, page->last);
    return page->last;
}

static bool tell_items(void *context, const struct remote_item *items,
                       size_t count)
{
    (void)context;
    for (size_t i = 0; i < count; i++)
        tell_item("row", &items[i]);
    return true;
}

static bool tell_each(void *context, size_t index, enum status status,
                      const struct remote_item *item)
{
    (void)context, (void)index;
    if (item != NULL)
        tell_item("item", item);
    else
        buf_printf(&told, "item %s; ", status_name(status));
    return true;
}

static bool tell_ids(void *context, const char *const ids[], size_t count)
{
    (void)context;
    for (size_t i = 0; i < count; i++)
        buf_printf(&told, "found %s; ", ids[i]);
    return true;
}

static bool tell_folders(void *context,
                         const struct remote_folder_change *changes,
                         size_t count, const char *state, bool last)
{
    (void)context;
    for (size_t i = 0; i < count; i++)
        buf_printf(&told, "%s id=%s parent=%s name=%s kind=%d; ",
                   changes[i].change == REMOTE_GONE ? "gone" : "folder",
                   changes[i].folder.id, changes[i].folder.parent,
                   changes[i].folder.name, changes[i].folder.kind);
    buf_printf(&told, "state=%s last=%d", state, last);
    return last;
}

static void tell_result(const struct remote_result *result)
{
    buf_printf(&told, "result %s id=%s key=%s; ", status_name(result->status),
               result->id ? result->id : "-",
               result->change_key ? result->change_key : "-");
}

/* --- The slots ------------------------------------------------------------ */

enum slot {
    SYNC,
    LIST,
    GET,
    HEADER,
    CONTENT,
    UPDATE,
    COPY,
    MOVE,
    DELETE,
    CREATE,
    SEND,
    FIND,
    SEARCH,
    TREE,
    STAMPS,
    MAKE_FOLDER,
    RENAME_FOLDER,
    MOVE_FOLDER,
    DELETE_FOLDER,
    SLOT_COUNT
};

/* clang-format off */

static enum status read_slot(struct mailbox *m, enum slot slot)
{
    const struct backend *b = &ews_backend;
    const char *ids[] = { "x" };
    struct remote_item *items;
    size_t count;

    switch (slot) {
    case SYNC: return b->items_sync(&m->op, m->remote, "f", NULL, tell_page, NULL);
    case LIST: return b->items_list(&m->op, m->remote, "f", tell_items, NULL);
    case GET: return b->items_get(&m->op, m->remote, ids, 1, tell_each, NULL);
    case HEADER: return b->items_read(&m->op, m->remote, ids, NULL, 1, REMOTE_HEADER, tell_read, NULL);
    case CONTENT: return b->items_read(&m->op, m->remote, ids, NULL, 1, REMOTE_CONTENT, tell_read, NULL);
    case FIND: return b->find_new(&m->op, m->remote, NULL, "t", "<m>", 0, &items, &count);
    case SEARCH: return b->search(&m->op, m->remote, "f", MAIL_SEARCH_BODY, NULL, "t", tell_ids, NULL);
    default: return b->folders_sync(&m->op, m->remote, NULL, tell_folders, NULL);
    }
}

static enum status write_items(struct mailbox *m, enum slot slot)
{
    const struct backend *b = &ews_backend;
    const struct remote_update update = { "x", 0, MAIL_SEEN, false, NULL,
                                          NULL };
    struct remote_result result = { STATUS_OK, NULL, NULL };
    struct spool *spool = mailbox_spool("A: b\r\n\r\n", 8);
    const struct remote_new item = { .content = spool, .received = TIME_NONE };
    const struct remote_submission submission = { .content = spool };
    const char *ids[] = { "x" };
    enum status status;

    switch (slot) {
    case UPDATE: status = b->items_update(&m->op, m->remote, &update, 1, &result); break;
    case COPY: status = b->items_copy(&m->op, m->remote, ids, 1, "t", &result); break;
    case MOVE: status = b->items_move(&m->op, m->remote, ids, 1, "t", &result); break;
    case DELETE: status = b->items_delete(&m->op, m->remote, ids, 1, REMOTE_DELETE_SOFT, &result); break;
    case CREATE: status = b->item_create(&m->op, m->remote, "f", &item, &result); break;
    default: status = b->send(&m->op, m->remote, &submission);
    }
    if (slot != SEND)
        tell_result(&result);
    spool_free(&spool);
    return status;
}

static enum status use_folders(struct mailbox *m, enum slot slot)
{
    const struct backend *b = &ews_backend;
    const char *ids[] = { "x" }, *id = NULL;
    struct remote_stamp stamp = { .status = STATUS_OK };
    enum status status;

    switch (slot) {
    case MAKE_FOLDER:
        status = b->folder_create(&m->op, m->remote, NULL, FOLDER_MAIL, "n", &id);
        buf_printf(&told, "id=%s", id ? id : "-");
        return status;
    case RENAME_FOLDER: return b->folder_update(&m->op, m->remote, "f", "n", NULL);
    case MOVE_FOLDER: return b->folder_update(&m->op, m->remote, "f", NULL, "p");
    case DELETE_FOLDER: return b->folder_delete(&m->op, m->remote, "f", REMOTE_DELETE_SOFT);
    default:
        status = b->folder_stamps(&m->op, m->remote, ids, 1, &stamp);
        buf_printf(&told, "stamp %s total=%u unread=%u", status_name(stamp.status),
                   stamp.total, stamp.unread);
        return status;
    }
}

/* clang-format on */

static enum status use_slot(struct mailbox *mailbox, enum slot slot)
{
    buf_clear(&told);
    if (slot >= STAMPS)
        return use_folders(mailbox, slot);
    if (slot >= UPDATE && slot <= SEND)
        return write_items(mailbox, slot);
    return read_slot(mailbox, slot);
}

/* --- The samples ---------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *file;
    enum slot slot;
    enum status status;
    const char *told;   /* NULL: nothing of interest */
} samples[] = {
    { "SyncFolderItemsResponse-1",     SYNC,    STATUS_OK,
      "present id=AQApAHRwA== key=CwAAABYA class= received=- flags=0; state=H4sIAAAAA= last=1" },
    { "SyncFolderItemsResponse-2",     SYNC,    STATUS_STALE, "" },
    { "SyncFolderHierarchyResponse-1", TREE,    STATUS_OK,
      "folder id=AQApAHR= parent=AQApA= name=NewFolder kind=0; state=H4sIAAA== last=1" },
    { "SyncFolderHierarchyResponse-2", TREE,    STATUS_STALE, "" },
    { "GetItemResponse-1",             GET,     STATUS_OK,
      "item id=ASUAd key=otlIqB== class= received=- flags=0; " },
    { "GetItemResponse-3",             GET,     STATUS_OK,
      "item id=ASUAdT key=otlIqB== class=IPM.Appointment received=2006-06-16T00:12:41Z flags=0; " },
    { "GetItemResponse-5",             CONTENT, STATUS_OK, "read corrupt 0; " },
    { "GetItemResponse-6",             GET,     STATUS_OK, "item cannot; " },
    { "FindItemResponse-1",            LIST,    STATUS_OK,
      "row id=AS4AUn= key=fsVU4== class= received=- flags=0; row id=AS4AUM= key=fsVUA== class= received=- flags=0; " },
    { "FindItemResponse-1",            SEARCH,  STATUS_OK, "found AS4AUn=; found AS4AUM=; " },
    { "FindItemResponse-2",            LIST,    STATUS_NO_FOLDER, "" },
    { "FindItemResponse-3",            SEARCH,  STATUS_INTERNAL, NULL }, /* for ever the same page */
    { "CreateItemResponse-1",          CREATE,  STATUS_OK, "result ok id=AAMkAGRmOWE2OWAAA= key=DwAAJsmU; " },
    { "CreateItemResponse-8",          SEND,    STATUS_SENDER_DENIED, "" },
    { "CreateItemResponse-9",          SEND,    STATUS_OK, "" },
    { "UpdateItemResponse-2",          UPDATE,  STATUS_OK, "result ok id=AAAtAEFkbW... key=CQAAABYAAA...; " },
    /* These spell the id wrong. */
    { "CopyItemResponse-1",            COPY,    STATUS_OK, "result ok id=- key=-; " },
    { "MoveItemResponse-1",            MOVE,    STATUS_OK, "result ok id=- key=-; " },
    { "CopyItemResponse-2",            COPY,    STATUS_OK, "result not-found id=- key=-; " },
    { "DeleteItemResponse-1",          DELETE,  STATUS_OK, "result ok id=- key=-; " },
    { "DeleteItemResponse-2",          DELETE,  STATUS_OK, "result not-found id=- key=-; " },
    { "GetFolderResponse-2",           STAMPS,  STATUS_OK, "stamp ok total=2 unread=2" },
    { "GetFolderResponse-3",           STAMPS,  STATUS_OK, "stamp no-folder total=0 unread=0" },
    { "CreateFolderResponse-1",        MAKE_FOLDER, STATUS_OK, "id=AS4AUn==" },
    { "CreateFolderResponse-2",        MAKE_FOLDER, STATUS_EXISTS, "id=-" },
    { "UpdateFolderResponse-1",        RENAME_FOLDER, STATUS_OK, "" },
    { "UpdateFolderResponse-2",        RENAME_FOLDER, STATUS_CONFLICT, "" },
    { "MoveFolderResponse-1",          MOVE_FOLDER, STATUS_OK, "" },
    { "MoveFolderResponse-2",          MOVE_FOLDER, STATUS_CANNOT, "" },
    { "DeleteFolderResponse-1",        DELETE_FOLDER, STATUS_OK, "" },
    { "DeleteFolderResponse-2",        DELETE_FOLDER, STATUS_NO_FOLDER, "" },
};
/* clang-format on */

static char *read_sample(const char *name)
{
    const char *shared = getenv("POSTERN_SHARED");
    char path[4096];
    char *text = NULL;
    size_t size = 0;

    snprintf(path, sizeof path, "%s/ews-samples/%s",
             shared ? shared : "../shared", name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return NULL;
    if (getdelim(&text, &size, '\0', file) < 0)
        text = strdup("");
    fclose(file);
    return text;
}

/* Logs in as usual, and then answers with the sample, whatever is asked. */
static void give_sample(void *context, const struct server_request *request,
                        struct server_reply *reply)
{
    struct responder *responder = context;

    if (request->number < 3)
        responder_answer(context, request, reply);
    else
        reply->body = strdup(responder->context);
}

static void begin(struct mailbox *mailbox, struct server **server,
                  struct responder *responder)
{
    buf_init(&told, NULL);
    *responder = (struct responder){ .build = BUILD_2010_SP3 };
    *server = server_new(give_sample, responder);
    mailbox_init(mailbox, server_url(*server));
    mailbox_set(mailbox, "exchange.patience", "0");
    cr_assert_eq(mailbox_open(mailbox), STATUS_OK);
}

Test(ews_samples, are_understood)
{
    struct responder responder;
    struct server *server;
    struct mailbox mailbox;

    begin(&mailbox, &server, &responder);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.xml", samples[i].file);
        responder.context = read_sample(name);
        if (responder.context == NULL)
            continue;
        enum status status = use_slot(&mailbox, samples[i].slot);
        cr_expect_eq(status, samples[i].status, "%s: %s", samples[i].file,
                     status_name(status));
        if (samples[i].told != NULL)
            cr_expect_str_eq(told.data != NULL ? told.data : "",
                             samples[i].told, "%s: %s", samples[i].file,
                             told.data);
        free(responder.context);
    }
    mailbox_fini(&mailbox);
    server_free(&server);
    buf_fini(&told);
}

Test(ews_samples, do_no_harm_to_any_slot, .timeout = 600)
{
    const char *shared = getenv("POSTERN_SHARED");
    struct responder responder;
    struct server *server;
    struct mailbox mailbox;
    char path[4096];

    snprintf(path, sizeof path, "%s/ews-samples",
             shared ? shared : "../shared");
    DIR *directory = opendir(path);
    if (directory == NULL)
        cr_skip_test("no samples");
    begin(&mailbox, &server, &responder);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        responder.context =
            entry->d_name[0] != '.' ? read_sample(entry->d_name) : NULL;
        if (responder.context == NULL)
            continue;
        bool refusal = strstr(responder.context, "NoError") == NULL;
        for (enum slot slot = 0; slot < SLOT_COUNT; slot++) {
            enum status status = use_slot(&mailbox, slot);
            cr_expect(status >= STATUS_OK && status < STATUS_COUNT);
            /* What was refused in one piece is never taken for done. */
            if (refusal &&
                (slot == CREATE || slot == SEND || slot >= RENAME_FOLDER))
                cr_expect_neq(status, STATUS_OK, "%s, slot %d", entry->d_name,
                              slot);
        }
        free(responder.context);
    }
    closedir(directory);
    mailbox_fini(&mailbox);
    server_free(&server);
    buf_fini(&told);
}
