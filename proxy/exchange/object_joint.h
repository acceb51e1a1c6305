/*
 * object_joint.h - two folders of Exchange that are one to clients
 *
 * With the setting caldav.tasks = calendar the calendar that everyone has shows
 * the tasks of the folder for tasks that everyone has beside its events.  Both
 * stay folders of their own, with rows, sync states and tombstones of their own
 * in the index; to the users of object.h they are one that goes by the
 * calendar's number:
 *
 *   - their revisions are of one counter, so that the greater of both tells
 *     where the whole stands, and each change has one of its own still;
 *   - their validities make one that changes with either of them, and is
 *     neither's own, so that no mark of one is taken for a mark of both;
 *   - a name, or a UID, is in one of them only.
 *
 * A UID that Outlook or another gateway has given to an event and to a task is
 * in both all the same, as two events may have one that have been copied in
 * Outlook.  Each of the two is shown as it is, under a name of its own, and can
 * be read, written, renamed, moved away and deleted by that; nothing more is put
 * beside them under that UID.  To show one of them under another UID would hide
 * it from what refers to it, and could not last: when the other goes, or is read
 * for the first time, the UID of something that nobody has touched would change.
 */
#ifndef POSTERN_EXCHANGE_OBJECT_JOINT_H
#define POSTERN_EXCHANGE_OBJECT_JOINT_H

#include "proxy/exchange/object_private.h"

#define JOINT_MAX 2

/* What is shown as one folder: itself, or calendar and tasks, in that order. */
struct joint {
    int64_t folders[JOINT_MAX];
    size_t count;
};

struct joint joint_of(struct op *op, struct account *account, int64_t folder);

/* Where the whole stands, by where each stands. */
struct object_marks joint_marks(const struct object_marks marks[],
                                size_t count);

/* Brings all of them up to date. */
enum status joint_refresh(struct op *op, struct account *account,
                          const struct joint *joint);

/* Which of them, as it is known, has the object of each name, as a position;
 * and the number of the folder that has one.  The first where none has. */
enum status joint_divide(struct op *op, struct account *account,
                         const struct joint *joint, const char *const names[],
                         size_t count, size_t whose_out[]);
enum status joint_find(struct op *op, struct account *account,
                       const struct joint *joint, const char *name,
                       int64_t *folder_out);

/* Which of them holds objects of that kind. */
int64_t joint_for(const struct joint *joint, enum object_kind kind);

/* Tells apart what has come under one name in both, if the desk's folder is
 * one of two. */
enum status joint_settle(struct desk *desk);

#endif
