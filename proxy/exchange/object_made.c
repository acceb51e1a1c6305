/*
 * object_made.c - folders of objects that are none of Exchange's
 *
 * Such a folder has a row in the index like any other, so that names, revisions
 * and tombstones are kept, and a source that tells what is in it.  It is listed
 * whole each time, and the index finds out what that changes.
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_private.h"

static const struct desk_source *const sources[] = { &source_arrived,
                                                     &source_shut };

const struct desk_source *source_of(const struct index_folder *folder)
{
    for (size_t i = 0;
         folder->store == INDEX_MADE && i < sizeof sources / sizeof *sources;
         i++)
        if (str_starts(folder->remote, sources[i]->mark))
            return sources[i];
    return NULL;
}

enum status source_folder(struct op *op, struct account *account,
                          const struct desk_source *source, const char *rest,
                          struct folder *folder_out)
{
    const struct remote_folder made = {
        .id = arena_printf(op->arena, "%s%s", source->mark, rest),
        .name = source->name,
        .kind = FOLDER_CALENDAR,
        .hidden = true,
        .lacks = source->lacks,
    };
    int64_t id = 0;
    enum status status = index_folder_made(op, account->index, &made, &id);

    *folder_out = (struct folder){
        .id = id,
        .kind = FOLDER_CALENDAR,
        .name = source->name,
        .lacks = source->lacks,
        .read_only = (source->lacks & FOLDER_MAY_DELETE) != 0,
        .made = true,
    };
    return status;
}

enum status desk_ask(struct desk *desk, const struct remote_object objects[],
                     size_t count,
                     bool (*each)(void *context,
                                  const struct remote_object_read *read),
                     void *context)
{
    if (desk->source != NULL)
        return desk->source->read(desk, objects, count, each, context);
    return account_told(desk->account,
                        desk->objects->read(desk->op, desk->remote, desk->zone,
                                            objects, count, each, context));
}
