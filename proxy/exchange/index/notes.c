/*
 * notes.c - what people have noted of folders: their comments, as last heard of
 */
#include <inttypes.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/index/change.h"
#include "proxy/exchange/index/index.h"

static const char *fact_of(struct op *op, int64_t folder)
{
    return arena_printf(op->arena, "comment.%" PRId64, folder);
}

bool index_comment(struct op *op, struct index *index, int64_t folder,
                   const char **comment_out)
{
    const char *fact = index_fact(op, index, fact_of(op, folder));

    *comment_out = fact != NULL && *fact == '=' ? fact + 1 : NULL;
    return fact != NULL;
}

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

enum status index_keep_comment(struct op *op, struct index *index,
                               int64_t folder, const char *comment, bool ours,
                               bool *changed_out)
{
    const char *old;
    bool known = index_comment(op, index, folder, &old);
    const char *fact =
        comment != NULL ? arena_printf(op->arena, "=%s", comment) : "";
    struct change change;

    *changed_out = (known || ours) && !(known && is_same(old, comment));
    if (known && !*changed_out)
        return STATUS_OK;
    db_write(index);
    db_run(index, "INSERT OR REPLACE INTO facts VALUES (?, ?)", "ss",
           fact_of(op, folder), fact);
    if (*changed_out && change_begin(index, folder, &change)) {
        change.visible = true;
        change_end(&change);
    }
    return db_end(op, index);
}
