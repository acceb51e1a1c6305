/*
 * show.h - items and folders in answers, as a shape asks for them
 */
#ifndef POSTERN_TESTS_EXCHANGE_SHOW_H
#define POSTERN_TESTS_EXCHANGE_SHOW_H

#include "tests/exchange/call.h"
#include "tests/exchange/path.h"

/* FindItem refuses what is no column; SyncFolderItems leaves it out. */
enum shape_use { SHAPE_GET, SHAPE_SYNC, SHAPE_FIND };

struct shape {
    bool columns;             /* only these are shown, and texts are cut */
    bool mime;
    const char *base;
    struct path *paths;
    size_t count;
};

/* Reads ItemShape or FolderShape; a code if it asks for what cannot be had. */
const char *shape_read(struct call *call, const struct node *node,
                       enum shape_use use, struct shape *shape_out);

/* "Message", or what the class makes of it. */
const char *item_element(const struct sim_item *item);

/* Writes an item; the code of what keeps it from being shown, with nothing
 * written. */
const char *show_item(struct call *call, const struct shape *shape,
                      struct sim_item *item);
void show_item_id(struct call *call, struct sim_item *item);
/* "Folder", or what its class makes of it. */
const char *folder_element(const struct sim_folder *folder);

void show_folder(struct call *call, const struct shape *shape,
                 struct sim_folder *folder);

/* A whole response message with one folder. */
void answer_folder(struct call *call, struct sim_folder *folder,
                   const struct shape *shape);

#endif
