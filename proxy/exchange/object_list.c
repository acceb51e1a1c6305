/*
 * object_list.c - where a folder of objects stands, and what is in it
 *
 * What clients see as one folder may be two (object_joint.h).
 */
#include "proxy/exchange/object.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_joint.h"

struct object object_of(const struct index_object *row)
{
    /* clang-format off */
    static const enum object_kind kinds[] = {
        [REMOTE_EVENT]   = OBJECT_EVENT,
        [REMOTE_TASK]    = OBJECT_TASK,
        [REMOTE_CONTACT] = OBJECT_CONTACT,
        [REMOTE_GROUP]   = OBJECT_CONTACT,
        [REMOTE_OTHER]   = OBJECT_EVENT,
    };
    /* clang-format on */

    return (struct object){
        .name = row->name,
        .kind = kinds[row->kind],
        .revision = row->revision,
        .known = row->known,
        .uid = row->uid,
        .from = row->known ? row->starts : INT64_MIN,
        .to = row->known ? row->ends : INT64_MAX,
        .schedule = row->schedule,
        .meeting = row->meeting,
        .size = row->size,
    };
}

struct remote_object object_remote(const struct index_object *row)
{
    return (struct remote_object){
        .id = row->remote,
        .change_key = row->change_key,
        .kind = row->kind,
        .name = row->name,
    };
}

/* --- Where it stands ------------------------------------------------------ */

static enum status read_marks(struct op *op, struct account *account,
                              const struct joint *joint,
                              struct object_marks marks[])
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < joint->count && status == STATUS_OK; i++) {
        struct index_object_marks found = { 0 };

        status =
            index_object_marks(op, account->index, joint->folders[i], &found);
        marks[i] = (struct object_marks){ found.complete ? found.validity : 0,
                                          found.revision };
    }
    return status;
}

enum status objects_marks(struct op *op, struct account *account,
                          int64_t folder, struct object_marks *marks_out)
{
    struct joint joint = joint_of(op, account, folder);
    struct object_marks marks[JOINT_MAX] = { 0 };
    enum status status = read_marks(op, account, &joint, marks);

    *marks_out = joint_marks(marks, joint.count);
    return status;
}

enum status objects_refresh(struct op *op, struct account *account,
                            int64_t folder, struct object_marks *marks_out)
{
    struct joint joint = joint_of(op, account, folder);
    enum status status = joint_refresh(op, account, &joint);

    return status == STATUS_OK ? objects_marks(op, account, folder, marks_out)
                               : status;
}

bool objects_hold(struct op *op, struct account *account, int64_t folder,
                  enum object_kind kind)
{
    struct joint joint = joint_of(op, account, folder);
    struct index_folder known;

    for (size_t i = 0; i < joint.count; i++)
        if (index_folder(op, account->index, joint.folders[i], &known) ==
                STATUS_OK &&
            object_kind_of(&known) == kind)
            return true;
    return false;
}

/* --- What is in it -------------------------------------------------------- */

/* By name; of one name the first folder's goes before. */
static int compare_objects(const void *a, const void *b)
{
    const struct object *left = a, *right = b;
    int order = strcmp(left->name, right->name);

    return order != 0 ? order : (int)left->kind - (int)right->kind;
}

/* What is called alike is so for a moment only: joint_settle. */
static size_t sort_objects(struct object objects[], size_t count)
{
    size_t kept = 0;

    qsort(objects, count, sizeof *objects, compare_objects);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !str_equal(objects[kept - 1].name, objects[i].name))
            objects[kept++] = objects[i];
    return kept;
}

enum status objects_list(struct op *op, struct account *account, int64_t folder,
                         struct object **objects_out, size_t *count_out)
{
    struct joint joint = joint_of(op, account, folder);
    struct index_object *rows[JOINT_MAX] = { 0 };
    size_t counts[JOINT_MAX] = { 0 }, count = 0;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < joint.count && status == STATUS_OK; i++)
        status = index_objects(op, account->index, joint.folders[i], &rows[i],
                               &counts[i]);
    struct object *objects =
        arena_array(op->arena, counts[0] + counts[1] + 1, sizeof *objects);
    for (size_t i = 0; i < joint.count; i++)
        for (size_t k = 0; k < counts[i]; k++)
            objects[count++] = object_of(&rows[i][k]);
    *objects_out = objects;
    *count_out = joint.count > 1 ? sort_objects(objects, count) : count;
    return status;
}

enum status objects_find(struct op *op, struct account *account, int64_t folder,
                         const char *const names[], size_t count,
                         struct object objects_out[])
{
    struct joint joint = joint_of(op, account, folder);
    struct index_object *rows = arena_array(op->arena, count + 1, sizeof *rows);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count; i++)
        objects_out[i] = (struct object){ 0 };
    for (size_t i = 0; i < joint.count && status == STATUS_OK; i++) {
        status = index_objects_find(op, account->index, joint.folders[i], names,
                                    count, rows);
        for (size_t k = 0; k < count && status == STATUS_OK; k++)
            if (rows[k].row != 0 && objects_out[k].name == NULL)
                objects_out[k] = object_of(&rows[k]);
    }
    return status;
}

/* --- What has changed ----------------------------------------------------- */

/* Changes of several folders. */
struct changes_list {
    struct object_change *list;
    size_t count;
};

static enum status add_changes(struct op *op, struct account *account,
                               int64_t folder, uint64_t since,
                               struct changes_list *changes)
{
    struct index_object *rows = NULL;
    struct index_object_gone *gone = NULL;
    size_t count = 0, gone_count = 0;
    enum status status = index_objects_since(op, account->index, folder, since,
                                             &rows, &count, &gone, &gone_count);

    if (status != STATUS_OK)
        return status;
    struct object_change *list = arena_array(
        op->arena, changes->count + count + gone_count + 1, sizeof *list);
    if (changes->count > 0)
        memcpy(list, changes->list, changes->count * sizeof *list);
    changes->list = list;
    for (size_t i = 0; i < count; i++)
        list[changes->count++].object = object_of(&rows[i]);
    for (size_t i = 0; i < gone_count; i++)
        list[changes->count++] = (struct object_change){
            .object = { .name = gone[i].name, .revision = gone[i].revision },
            .gone = true,
        };
    return STATUS_OK;
}

/* By name; what is there before what has gone, and the latest first. */
static int compare_changes(const void *a, const void *b)
{
    const struct object_change *left = a, *right = b;
    int order = strcmp(left->object.name, right->object.name);

    if (order == 0)
        order = (int)left->gone - (int)right->gone;
    if (order != 0)
        return order;
    return (left->object.revision < right->object.revision) -
           (left->object.revision > right->object.revision);
}

/* What has gone from one folder and is in the other has not gone, and what has
 * gone from both has gone once. */
static enum status drop_false_goings(struct op *op, struct account *account,
                                     int64_t folder,
                                     struct changes_list *changes)
{
    struct object_change *list = changes->list;
    size_t count = changes->count, kept = 0;
    const char **names = arena_array(op->arena, count + 1, sizeof *names);
    struct object *there = arena_array(op->arena, count + 1, sizeof *there);

    qsort(list, count, sizeof *list, compare_changes);
    for (size_t i = 0; i < count; i++)
        names[i] = list[i].object.name;
    enum status status = objects_find(op, account, folder, names, count, there);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if ((!list[i].gone || there[i].name == NULL) &&
            (kept == 0 || !str_equal(list[kept - 1].object.name, names[i])))
            list[kept++] = list[i];
    changes->count = kept;
    return status;
}

enum status objects_changes(struct op *op, struct account *account,
                            int64_t folder, uint32_t validity, uint64_t since,
                            struct object_change **changes_out,
                            size_t *count_out, struct object_marks *marks_out)
{
    struct joint joint = joint_of(op, account, folder);
    struct object_marks marks[JOINT_MAX] = { 0 };
    struct changes_list changes = { NULL, 0 };
    enum status status = read_marks(op, account, &joint, marks);

    if (status != STATUS_OK)
        return status;
    *marks_out = joint_marks(marks, joint.count);
    if (marks_out->validity != validity || since > marks_out->revision)
        return op_fail(op, STATUS_STALE, "the folder has been read anew");
    /* A folder may not have come as far as the other. */
    for (size_t i = 0; i < joint.count && status == STATUS_OK; i++)
        status = add_changes(
            op, account, joint.folders[i],
            since < marks[i].revision ? since : marks[i].revision, &changes);
    if (status == STATUS_OK && joint.count > 1 && changes.count > 0)
        status = drop_false_goings(op, account, folder, &changes);
    *changes_out = changes.list;
    *count_out = changes.count;
    return status;
}

/* --- What only texts tell ------------------------------------------------- */

/* Those that have no text; all of a folder where none is named. */
static enum status find_textless(struct desk *desk, const char *const names[],
                                 size_t count, const char ***names_out,
                                 size_t *count_out)
{
    struct op *op = desk->op;
    struct index *index = desk->account->index;
    struct index_object *rows = arena_array(op->arena, count + 1, sizeof *rows);
    enum status status =
        names == NULL ? index_objects(op, index, desk->folder.id, &rows, &count)
                      : index_objects_find(op, index, desk->folder.id, names,
                                           count, rows);

    *count_out = 0;
    *names_out = arena_array(op->arena, count + 1, sizeof **names_out);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (rows[i].row != 0 && rows[i].size == 0)
            (*names_out)[(*count_out)++] = rows[i].name;
    return status;
}

enum status objects_know(struct op *op, struct account *account, int64_t folder,
                         const char *const names[], size_t count)
{
    const char **textless;
    size_t textless_count;
    struct desk desk;
    enum status status = desk_open(op, account, folder, &desk);

    if (status == STATUS_OK)
        status = find_textless(&desk, names, count, &textless, &textless_count);
    return status == STATUS_OK && textless_count > 0
               ? desk_know(&desk, textless, textless_count)
               : status;
}

/* --- What clients say of it ----------------------------------------------- */

/* The folder that a property belongs to: an object's own. */
static enum status keeper_of(struct op *op, struct account *account,
                             int64_t folder, const char *object,
                             int64_t *keeper_out)
{
    struct joint joint = joint_of(op, account, folder);

    *keeper_out = folder;
    return object == NULL ? STATUS_OK
                          : joint_find(op, account, &joint, object, keeper_out);
}

enum status object_properties(struct op *op, struct account *account,
                              int64_t folder, const char *object,
                              struct object_property **properties_out,
                              size_t *count_out)
{
    int64_t keeper;
    enum status status = keeper_of(op, account, folder, object, &keeper);

    return status == STATUS_OK
               ? index_properties(op, account->index, keeper, object,
                                  properties_out, count_out)
               : status;
}

enum status object_set_properties(struct op *op, struct account *account,
                                  int64_t folder, const char *object,
                                  const struct object_property properties[],
                                  size_t count)
{
    int64_t keeper;
    enum status status = keeper_of(op, account, folder, object, &keeper);

    return status == STATUS_OK
               ? index_set_properties(op, account->index, keeper, object,
                                      properties, count)
               : status;
}
