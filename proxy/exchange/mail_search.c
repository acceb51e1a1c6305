/*
 * mail_search.c - asking Exchange which messages contain a text
 */
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"

struct found {
    struct op *op;
    struct buf ids; /* of const char * */
};

static bool take_page(void *context, const char *const ids[], size_t count)
{
    struct found *found = context;

    for (size_t i = 0; i < count; i++) {
        const char *id = arena_strdup(found->op->arena, ids[i]);

        buf_append(&found->ids, &id, sizeof id);
    }
    return true;
}

struct wanted {
    bool words;
    enum mail_search_field field;
    const char *name;
    const char *text;
};

static enum status ask(struct op *op, struct remote *remote, const char *folder,
                       const struct wanted *wanted, struct found *found)
{
    return wanted->words
               ? remote->backend->search_words(op, remote, folder,
                                               wanted->field, wanted->text,
                                               take_page, found)
               : remote->backend->search(op, remote, folder, wanted->field,
                                         wanted->name, wanted->text, take_page,
                                         found);
}

static enum status search(struct op *op, struct account *account,
                          int64_t folder, const struct wanted *wanted,
                          uint32_t **uids_out, size_t *count_out)
{
    struct found found = { .op = op };
    struct index_folder known;
    struct remote *remote;
    enum status status = index_folder(op, account->index, folder, &known);

    buf_init(&found.ids, op->arena);
    if (status == STATUS_OK)
        status = account_remote_of(op, account, &known, &remote);
    if (status == STATUS_OK)
        status = account_told(account,
                              ask(op, remote, known.remote, wanted, &found));
    if (status != STATUS_OK)
        return status;
    return index_uids(op, account->index, folder,
                      (const char *const *)(const void *)found.ids.data,
                      found.ids.len / sizeof(const char *), uids_out,
                      count_out);
}

enum status mail_search(struct op *op, struct account *account, int64_t folder,
                        enum mail_search_field field, const char *name,
                        const char *text, uint32_t **uids_out,
                        size_t *count_out)
{
    const struct wanted wanted = { false, field, name, text };

    return search(op, account, folder, &wanted, uids_out, count_out);
}

enum status mail_search_words(struct op *op, struct account *account,
                              int64_t folder, enum mail_search_field field,
                              const char *text, uint32_t **uids_out,
                              size_t *count_out)
{
    const struct wanted wanted = { true, field, NULL, text };

    return search(op, account, folder, &wanted, uids_out, count_out);
}
