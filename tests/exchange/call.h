/*
 * call.h - one SOAP call: what was asked, by whom, and the answer as it grows
 *
 * Operations run with the exchange locked.  Each is a function of a call that
 * writes its response messages; codes are Exchange's words
 * ("ErrorItemNotFound"), NULL is success.
 */
#ifndef POSTERN_TESTS_EXCHANGE_CALL_H
#define POSTERN_TESTS_EXCHANGE_CALL_H

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/exchange/access.h"
#include "tests/exchange/exchange.h"
#include "tests/exchange/model.h"
#include "tests/exchange/node.h"
#include "tests/exchange/schema.h"

struct call {
    struct exchange *exchange;
    struct sim_mailbox *user;
    struct arena *arena;
    const struct node *request;   /* the operation's element */
    enum schema_version version;  /* that the request speaks */
    bool milliseconds;
    const struct exchange_fault_rule *fault;
    struct buf out;
    size_t messages;              /* response messages so far */
    struct sim_stream *stream;    /* that GetStreamingEvents has opened */
    int http_status;              /* of the answer; 0: 200 */
    const char *refused;          /* the code of a fault instead of it all */
    const struct sim_zone *zone;  /* of TimeZoneContext; NULL: UTC */
    const struct sim_series *set_rule; /* that this change has set */
    struct sim_mailbox *server;   /* whose server has got it; NULL: anyone's */
    const struct sim_public *public_server;  /* it is that of public folders */
    const struct sim_public *public_mailbox; /* that it names; NULL: none */
    bool passed_on;               /* to another one, which has what it names */
};

/* --- Writing XML --------------------------------------------------------- */

/* Text with what XML needs escaped.  Characters that XML does not allow are
 * written as references all the same, as Exchange does. */
void put_text(struct buf *out, const char *text);
void put_element(struct buf *out, const char *name, const char *text);
void put_time(struct call *call, const char *name, int64_t time);
void put_base64(struct buf *out, const void *data, size_t len);
void put_item_id(struct call *call, const char *name, struct sim_item *item);
void put_folder_id(struct call *call, const char *name,
                   struct sim_folder *folder);

/* --- Response messages --------------------------------------------------- */

/* The document around it. */
void envelope_begin(struct call *call);
void envelope_end(struct call *call);

/* The whole answer: <m:GetItemResponse><m:ResponseMessages> ... */
void answer_begin(struct call *call);
void answer_end(struct call *call);

/* One message with its class and code; what else belongs into it is written
 * between. Ends with the same name, which comes from the operation. */
void message_begin(struct call *call, const char *code);
void message_end(struct call *call);

/* An answer that is one message by itself ("GetRoomsResponse"); whether its
 * content is to follow. */
bool bare_begin(struct call *call, const char *name, const char *code);
void bare_end(struct call *call, const char *name);

/* A message of an error and no more; `empty` ("<m:Items/>") is what the schema
 * demands even then, NULL: nothing. */
void message_simple(struct call *call, const char *code, const char *empty);

/* The fault that the next response message is due; NULL: none. */
const char *message_fault(const struct call *call);

/* What Exchange says for a code. */
const char *code_text(const char *code);

/* --- Servers ------------------------------------------------------------- */

/*
 * From 2013 on, a mailbox is served by the server that has it: a call arrives
 * at that of the mailbox it is anchored on, or of the caller's own, and is
 * passed on when it names what another one has.  Subscriptions are not passed
 * on: they are known where they were made, and nowhere else.
 */
struct soap_route;
void call_arrive(struct call *call, const struct soap_route *route);
void call_leave(struct call *call);

/* The call needs this folder, or what is in it. */
void call_names(struct call *call, const struct sim_folder *folder);

/* --- What requests name -------------------------------------------------- */

/* A folder by FolderId or DistinguishedFolderId; NULL with its code if it is
 * not there, or the user may not do that with it. */
struct sim_folder *call_folder(struct call *call, const struct node *id,
                               enum sim_want want, const char **code_out);

/* An item by ItemId; a change key that is not the newest one is reported in
 * `stale_out` (which may be NULL). */
struct sim_item *call_item(struct call *call, const struct node *id,
                           enum sim_want want, const char **code_out,
                           bool *stale_out);

/* --- Operations, by file ------------------------------------------------- */

void do_get_folder(struct call *call);
void do_find_folder(struct call *call);
void do_sync_folder_hierarchy(struct call *call);
void do_create_folder(struct call *call);
void do_update_folder(struct call *call);
void do_move_folder(struct call *call);
void do_copy_folder(struct call *call);
void do_delete_folder(struct call *call);
void do_empty_folder(struct call *call);
void do_sync_folder_items(struct call *call);
void do_find_item(struct call *call);
void do_get_item(struct call *call);
void do_create_item(struct call *call);
void do_update_item(struct call *call);
void do_delete_item(struct call *call);
void do_move_item(struct call *call);
void do_copy_item(struct call *call);
void do_send_item(struct call *call);
void do_mark_all_items_as_read(struct call *call);
void do_resolve_names(struct call *call);
void do_expand_dl(struct call *call);
void do_find_people(struct call *call);
void do_get_persona(struct call *call);
void do_get_user_photo(struct call *call);
void do_get_room_lists(struct call *call);
void do_get_rooms(struct call *call);
void do_get_user_availability(struct call *call);
void do_convert_id(struct call *call);
void do_create_attachment(struct call *call);
void do_get_attachment(struct call *call);
void do_delete_attachment(struct call *call);
void do_get_server_time_zones(struct call *call);
void do_get_user_configuration(struct call *call);
void do_subscribe(struct call *call);
void do_unsubscribe(struct call *call);
void do_get_events(struct call *call);
void do_get_streaming_events(struct call *call);

#endif
