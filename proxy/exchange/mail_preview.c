/*
 * mail_preview.c - how messages begin, for lists of them
 *
 * Exchange 2013 and later tell it, a hundred messages in a call.  For older
 * ones the messages are read.  Either way it is kept in the index.
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/format/mime_preview.h"

/* So many are made before they are kept. */
#define BLOCK 100

/* Messages without a preview. */
struct missing {
    struct op *op;
    struct account *account;
    struct index_folder folder;
    struct mail_preview **previews; /* the caller's */
    uint32_t *uids;
    const char **ids;
    int64_t *rows;
    uint32_t *renderings;
    size_t count;
    size_t taken; /* messages that were read, for they come in order */
};

static void settle(struct mail_preview *preview, enum status status,
                   const char *text)
{
    preview->status = status;
    preview->text = status == STATUS_OK && text == NULL ? "" : text;
}

static bool take_told(void *context, size_t index, enum status status,
                      const char *text)
{
    struct missing *missing = context;

    settle(missing->previews[index], status,
           text != NULL ? mime_preview_shorten(missing->op->arena, text)
                        : NULL);
    return true;
}

static bool take_read(void *context, const struct mail_content *content)
{
    struct missing *missing = context;
    struct arena *arena = arena_new();
    const char *text = NULL;

    if (content->status == STATUS_OK)
        text = arena_strdup(
            missing->op->arena,
            mime_preview(arena, content->content, content->structure));
    settle(missing->previews[missing->taken++], content->status, text);
    arena_free(&arena);
    return true;
}

/* A message that cannot be given out says nothing about the others. */
static bool is_of_message(enum status status)
{
    return status == STATUS_NOT_FOUND || status == STATUS_DENIED ||
           status == STATUS_CANNOT || status == STATUS_UNSUPPORTED ||
           status == STATUS_CORRUPT || status == STATUS_TOO_BIG ||
           status == STATUS_LIMIT;
}

static enum status read_block(struct missing *missing)
{
    missing->taken = 0;
    enum status status = mail_read(
        missing->op, missing->account, missing->folder.id, missing->uids,
        missing->count, MAIL_NEED_CONTENT, take_read, missing);

    return is_of_message(status) ? STATUS_OK : status;
}

/* Asks for a block of those that are missing, and keeps what is said. */
static enum status make(struct missing *missing, struct remote *remote)
{
    struct op *op = missing->op;
    const char **texts =
        arena_array(op->arena, missing->count + 1, sizeof *texts);
    enum status status = account_told(
        missing->account, remote->backend->items_preview(
                              op, remote, (const char *const *)missing->ids,
                              missing->count, take_told, missing));

    if (status == STATUS_UNSUPPORTED)
        status = read_block(missing);
    for (size_t i = 0; i < missing->count; i++) {
        struct mail_preview *preview = missing->previews[i];

        if (preview->status == STATUS_CANCELLED && status != STATUS_OK)
            preview->status = status;
        texts[i] = preview->status == STATUS_OK ? preview->text : NULL;
    }
    enum status kept = index_keep_previews(
        op, missing->account->index, missing->rows, missing->renderings,
        (const char *const *)texts, missing->count);
    return status != STATUS_OK ? status : kept;
}

/* Lists what a block lacks: nothing has been said of it so far. */
static void list_missing(struct missing *missing,
                         const struct index_item items[],
                         struct mail_preview previews[], size_t count)
{
    missing->count = 0;
    for (size_t i = 0; i < count; i++) {
        struct mail_preview *preview = &previews[i];

        if (preview->text != NULL)
            continue;
        preview->status =
            items[i].row != 0 ? STATUS_CANCELLED : STATUS_NOT_FOUND;
        if (items[i].row == 0)
            continue;
        missing->previews[missing->count] = preview;
        missing->uids[missing->count] = preview->uid;
        missing->ids[missing->count] = items[i].remote;
        missing->renderings[missing->count] = items[i].rendering;
        missing->rows[missing->count++] = items[i].row;
    }
}

static enum status make_block(struct missing *missing,
                              struct mail_preview previews[],
                              const uint32_t uids[], size_t count)
{
    struct op *op = missing->op;
    struct account *account = missing->account;
    struct index_item *items = arena_array(op->arena, count, sizeof *items);
    struct remote *remote;
    enum status status =
        index_items(op, account->index, missing->folder.id, uids, count, items);

    if (status != STATUS_OK)
        return status;
    list_missing(missing, items, previews, count);
    if (missing->count == 0)
        return STATUS_OK;
    status = account_remote_of(op, account, &missing->folder, &remote);
    return status == STATUS_OK ? make(missing, remote) : status;
}

static enum status make_all(struct op *op, struct account *account,
                            int64_t folder, const uint32_t uids[], size_t count,
                            struct mail_preview previews[])
{
    struct missing missing = { .op = op, .account = account };
    enum status status =
        index_folder(op, account->index, folder, &missing.folder);

    missing.previews = arena_array(op->arena, BLOCK, sizeof *missing.previews);
    missing.uids = arena_array(op->arena, BLOCK, sizeof *missing.uids);
    missing.ids = arena_array(op->arena, BLOCK, sizeof *missing.ids);
    missing.rows = arena_array(op->arena, BLOCK, sizeof *missing.rows);
    missing.renderings =
        arena_array(op->arena, BLOCK, sizeof *missing.renderings);
    for (size_t at = 0; at < count; at += BLOCK) {
        size_t block = count - at < BLOCK ? count - at : BLOCK;

        if (status == STATUS_OK)
            status = make_block(&missing, previews + at, uids + at, block);
        for (size_t i = at; i < at + block; i++)
            if (previews[i].text == NULL && previews[i].status == STATUS_OK)
                previews[i].status = status;
    }
    return status;
}

enum status mail_preview(struct op *op, struct account *account, int64_t folder,
                         const uint32_t uids[], size_t count, bool lazy,
                         struct mail_preview previews_out[])
{
    const char **known = arena_array(op->arena, count + 1, sizeof *known);
    enum status status =
        index_previews(op, account->index, folder, uids, count, known);

    for (size_t i = 0; i < count; i++)
        previews_out[i] = (struct mail_preview){ uids[i], status, known[i] };
    if (status != STATUS_OK || lazy)
        return status;
    return make_all(op, account, folder, uids, count, previews_out);
}
