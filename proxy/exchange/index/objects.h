/*
 * objects.h - events, tasks and contacts in the index
 *
 * A part of index.h, whose rules hold here.  Of folders of mail `revision` and
 * the sync state belong to messages, of those of objects to these.
 */
#ifndef POSTERN_EXCHANGE_INDEX_OBJECTS_H
#define POSTERN_EXCHANGE_INDEX_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/exchange/folder.h"
#include "proxy/exchange/object.h"
#include "proxy/exchange/remote_object.h"

struct index;

struct index_object {
    int64_t row; /* ours, never used again; 0: there is none */
    const char *remote;
    const char *change_key;
    enum remote_object_kind kind;
    const char *name;
    bool named; /* a client has called it so */
    uint64_t revision;
    uint64_t schedule; /* see struct object */
    bool known;        /* the next three are */
    const char *uid;
    int64_t starts;
    int64_t ends;
    size_t size; /* of the text; 0: it is not here */
    bool hidden; /* the text is a mask: its owner does not show it */
    bool meeting; /* of a text that is here: somebody is invited */
};

/* Where a folder stands. */
struct index_object_marks {
    uint32_t validity;
    uint64_t revision;
    bool complete;
};

enum status index_object_marks(struct op *op, struct index *index,
                               int64_t folder,
                               struct index_object_marks *marks_out);

/* Takes one page of a sync with its state.  The last page of a reading from the
 * beginning removes what it did not name. */
enum status index_objects_page(struct op *op, struct index *index,
                               int64_t folder,
                               const struct remote_object_page *page,
                               bool *changed_out);

/* The state is not valid any more: the folder is read from the beginning. */
enum status index_objects_restart(struct op *op, struct index *index,
                                  int64_t folder);

/* By name. */
enum status index_objects(struct op *op, struct index *index, int64_t folder,
                          struct index_object **objects_out, size_t *count_out);

/* `objects_out[i]` is the one called `names[i]`, or has row 0. */
enum status index_objects_find(struct op *op, struct index *index,
                               int64_t folder, const char *const names[],
                               size_t count, struct index_object objects_out[]);

/* The one with that UID, as far as UIDs are known; row 0: there is none. */
enum status index_object_by_uid(struct op *op, struct index *index,
                                int64_t folder, const char *uid,
                                struct index_object *object_out);

/* Whether there are objects whose UIDs are not known; and noting that of one,
 * by Exchange's id. */
bool index_has_unknown(struct op *op, struct index *index, int64_t folder);
enum status index_object_has_uid(struct op *op, struct index *index,
                                 int64_t folder, const char *remote,
                                 const char *uid);

struct index_object_gone {
    const char *name;
    uint64_t revision; /* of its going */
};

/* What has changed after a revision, and the names of what has gone.
 * STATUS_STALE: it is not known any more what has. */
enum status index_objects_since(struct op *op, struct index *index,
                                int64_t folder, uint64_t since,
                                struct index_object **objects_out,
                                size_t *count_out,
                                struct index_object_gone **gone_out,
                                size_t *gone_count_out);

/* The text made of an object, NULL for none, and the client's text that only
 * the index has. */
enum status index_object_text(struct op *op, struct index *index, int64_t row,
                              const char **text_out, const char **kept_out);

/* Many rows as they are by now, row 0 for one that has gone, each with the text
 * that belongs to its revision, NULL where there is none. */
enum status index_object_texts(struct op *op, struct index *index,
                               const int64_t rows[], size_t count,
                               struct index_object objects_out[],
                               const char *texts_out[]);

#define INDEX_MEETING "m"

/* Keeps what was read of an object.  One with another change key than is known
 * has changed; one that has gone, or has been written meanwhile, is passed
 * over. */
struct index_object_content {
    int64_t row;
    uint64_t revision; /* the object's when it was asked for; 0: whatever */
    const char *asked; /* and the change key that was known of it then */
    const char *change_key;
    const char *uid;
    int64_t starts;
    int64_t ends;
    const char *text;
    const char *shape; /* what the text says but for answers: where it is
                          another than before, the Schedule-Tag is; that of
                          a meeting begins with INDEX_MEETING */
    bool hidden;       /* it is a mask of what its owner does not show */
    bool has_kept;     /* Exchange has a client's text: that which the index
                          has is needed no more, and would outlive it */
};
enum status index_object_keep(struct op *op, struct index *index,
                              const struct index_object_content contents[],
                              size_t count);

/* What a write of ours has made of an object: row 0 makes a new one.  Its text
 * is to be read again. */
struct index_object_write {
    int64_t row;
    const char *remote;
    const char *change_key; /* the last that is known: another one that Exchange
                               tells is a change */
    enum remote_object_kind kind;
    const char *name; /* NULL: as before */
    const char *uid;
    int64_t starts;
    int64_t ends;
    const char *kept;  /* NULL: Exchange keeps it */
    bool answers_only; /* the Schedule-Tag stays */
};
enum status index_object_write(struct op *op, struct index *index,
                               int64_t folder,
                               const struct index_object_write *write,
                               struct index_object *object_out);

/* Gone, by our own doing or Exchange's word. */
enum status index_object_remove(struct op *op, struct index *index,
                                int64_t row);

/* --- Two folders that are shown as one ------------------------------------ */

/* The folder of that use in the mailbox itself; 0: there is none. */
int64_t index_main_folder(struct op *op, struct index *index,
                          enum folder_use use);

/* Gives objects of `tasks` that have the name of one in `calendar` another, and
 * those that share a revision with one another as well. */
enum status index_objects_settle(struct op *op, struct index *index,
                                 int64_t calendar, int64_t tasks);

/* --- What clients say of folders and objects ------------------------------ */

enum status index_properties(struct op *op, struct index *index, int64_t folder,
                             const char *object,
                             struct object_property **properties_out,
                             size_t *count_out);
enum status index_set_properties(struct op *op, struct index *index,
                                 int64_t folder, const char *object,
                                 const struct object_property properties[],
                                 size_t count);

#endif
