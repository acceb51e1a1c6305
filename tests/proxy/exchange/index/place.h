/*
 * place.h - an index in a directory of its own, with one folder
 */
#ifndef POSTERN_TESTS_INDEX_PLACE_H
#define POSTERN_TESTS_INDEX_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/exchange/index/index.h"
#include "proxy/exchange/index/messages.h"

struct place {
    char directory[64];
    struct index *index;
    struct arena *arena;
    struct op op;
    int64_t folder;
};

struct place place_new(void);
void place_drop(struct place *place);

/* Opens the index in place->directory, which has or gets the folder "inbox". */
void place_open(struct place *place);

/* The message "item-<number>", and syncs of such ones or of one change. */
struct remote_item place_item(struct place *place, int number);
void place_sync(struct place *place, int first, int last, bool is_last);
enum status place_sync_one(struct place *place, enum remote_item_change change,
                           struct remote_item what, bool *changed);

/* The UID of an id; 0 if it has none. */
uint32_t place_uid(struct place *place, const char *remote);
struct index_marks place_marks(struct place *place);

#endif
