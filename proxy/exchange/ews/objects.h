/*
 * objects.h - events, tasks and contacts over Exchange Web Services
 *
 * The slots of struct remote_objects, and what their files share.
 */
#ifndef POSTERN_EXCHANGE_EWS_OBJECTS_H
#define POSTERN_EXCHANGE_EWS_OBJECTS_H

#include "proxy/exchange/ews/ews.h"
#include "proxy/exchange/ews/soap.h"
#include "proxy/exchange/remote_object.h"

extern const struct remote_objects ews_objects;

/* --- Shared --------------------------------------------------------------- */

/* What lists say of an object, as a shape, and from an item; false where it has
 * no id. */
void object_write_shape(struct soap_request *request);
bool object_read_row(struct arena *arena, const struct xml_node *node,
                     struct remote_object *object);

/* Writes t:ItemId, or with another element's name ("t:ReferenceItemId"). */
void object_write_id(struct xml_writer *writer, const char *element,
                     const char *id, const char *change_key);

/* Whether this is somebody else's mailbox. */
bool object_is_foreign(const struct ews *ews);

/* The id and change key that a write has answered with. */
void object_take_id(struct arena *arena, const struct xml_node *message,
                    struct remote_result *result);

/* The packed text to keep, "" to take it away; NULL to leave it alone. */
const char *object_pack(struct op *op,
                        const struct remote_object_extras *extras);

/* "SendToNone" and so on, as CreateItem and DeleteItem call it, and UpdateItem.
 */
const char *object_notice(enum remote_notice notice);
const char *object_update_notice(enum remote_notice notice);

/* A new item in a folder: `write` fills the element.  `notice` is NULL for what
 * is no event. */
struct object_creation {
    const char *folder;
    const char *element; /* "t:CalendarItem" */
    const char *notice;
    void (*write)(struct soap_request *request, const void *form);
    const void *form;
};

enum status object_create(struct op *op, struct ews *ews,
                          const struct object_creation *creation,
                          struct remote_result *result);

/* One change of an item that has this change key by now, or it is
 * STATUS_CONFLICT. */
struct object_change_of {
    const char *id;
    const char *change_key;
    const char *notice;
    void (*write)(struct soap_request *request, const void *form,
                  unsigned parts);
    const void *form;
    unsigned parts;
};

enum status object_update(struct op *op, struct ews *ews,
                          const struct object_change_of *change,
                          struct remote_result *result);

/* people.c: the SMTP address of whom the directory knows by this name; NULL for
 * nobody. */
enum status people_address(struct op *op, struct ews *ews, const char *name,
                           const char **address_out);

/* --- Slots ---------------------------------------------------------------- */

/* object_sync.c */
enum status ews_objects_sync(
    struct op *op, struct remote *remote, const char *folder, const char *state,
    bool (*page)(void *context, const struct remote_object_page *page),
    void *context);

/* object_find.c */
enum status ews_objects_list(
    struct op *op, struct remote *remote, const char *folder,
    bool (*page)(void *context, const struct remote_object_page *page),
    void *context);
enum status ews_objects_find(struct op *op, struct remote *remote,
                             const char *folder, const char *token,
                             const char *uid,
                             struct remote_object **objects_out,
                             size_t *count_out);

/* object_read.c */
enum status ews_objects_read(
    struct op *op, struct remote *remote, const struct zone *zone,
    const struct remote_object objects[], size_t count,
    bool (*each)(void *context, const struct remote_object_read *read),
    void *context);

/* event_create.c, event_update.c */
enum status ews_event_create(struct op *op, struct remote *remote,
                             const char *folder, const struct series *series,
                             const struct remote_object_extras *extras,
                             struct remote_result *result);
enum status ews_event_update(struct op *op, struct remote *remote,
                             const struct remote_object *object,
                             const struct series *was,
                             const struct series *shall,
                             const struct remote_object_extras *extras,
                             struct remote_result *result);

/* task_update.c */
enum status ews_task_create(struct op *op, struct remote *remote,
                            const char *folder, const struct task *task,
                            const struct remote_object_extras *extras,
                            struct remote_result *result);
enum status ews_task_update(struct op *op, struct remote *remote,
                            const struct remote_object *object,
                            const struct task *was, const struct task *shall,
                            const struct remote_object_extras *extras,
                            struct remote_result *result);

/* contact_update.c */
enum status ews_contact_create(struct op *op, struct remote *remote,
                               const char *folder,
                               const struct contact *contact,
                               const struct remote_object_extras *extras,
                               struct remote_result *result);
enum status ews_contact_update(struct op *op, struct remote *remote,
                               const struct remote_object *object,
                               const struct contact *was,
                               const struct contact *shall,
                               const struct remote_object_extras *extras,
                               struct remote_result *result);

/* respond.c */
enum status ews_object_remove(struct op *op, struct remote *remote,
                              const struct remote_object *object, bool to_trash,
                              enum remote_notice notice);
enum status ews_object_respond(struct op *op, struct remote *remote,
                               const struct remote_object *object,
                               const struct when *occurrence,
                               enum event_answer answer, const char *comment,
                               bool send, struct remote_result *result);

/* days.c */
enum status ews_days(struct op *op, struct remote *remote,
                     const struct remote_object *object,
                     const struct series *series, const struct when days[],
                     size_t count, struct event events_out[]);

/* attachment.c */
enum status ews_attachment_read(struct op *op, struct remote *remote,
                                const char *id,
                                struct event_attachment *attachment_out);
enum status ews_attachment_add(struct op *op, struct remote *remote,
                               const struct remote_object *object,
                               const struct event_attachment *attachment,
                               const char **id_out,
                               struct remote_result *result);
enum status ews_attachment_remove(struct op *op, struct remote *remote,
                                  const char *id, struct remote_result *result);

/* arrivals.c */
enum status ews_arrivals(struct op *op, struct remote *remote,
                         const char *folder,
                         struct remote_arrival **arrivals_out,
                         size_t *count_out);

/* availability.c */
enum status ews_busy(struct op *op, struct remote *remote,
                     const char *const addresses[], size_t count, int64_t from,
                     int64_t to, bool details,
                     struct remote_busy_answer answers_out[]);
enum status ews_zone(struct op *op, struct remote *remote,
                     const char **name_out);

/* people.c */
enum status ews_addresses(struct op *op, struct remote *remote,
                          const char *address,
                          const char *const **addresses_out,
                          const char **name_out);

#endif
