/*
 * call.h - a request on its way, and the table of all methods
 *
 * A method looks at the place it is asked about, says its answer, and returns
 * STATUS_OK; another status is answered in DAV's words (reply.h).
 */
#ifndef POSTERN_CALDAV_CALL_H
#define POSTERN_CALDAV_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "caldav/body.h"
#include "caldav/place.h"
#include "caldav/reply.h"
#include "caldav/session.h"
#include "proxy/base/op.h"
#include "proxy/exchange/object.h"

struct account;
struct caldav_settings;

struct dav_call {
    struct op *op;
    struct dav_session *session;
    struct account *account;
    const struct dav_request *request;
    struct dav_reply *reply;
    const struct caldav_settings *settings;
    struct dav_tree tree;
    struct dav_place place; /* what the URL stands for */
    bool tags; /* schedule tags are asked for, which only texts tell */
    uint64_t if_revision; /* what If has found and relies on; 0: nothing */
};

typedef enum status dav_method(struct dav_call *call);

struct dav_method_kind {
    const char *name;
    dav_method *run;
    unsigned
        places; /* set of enum dav_place_kind: others are refused with 405 */
};

/* NULL for one that we have not. */
const struct dav_method_kind *dav_method_find(const char *name);

/* The methods that a kind of place knows: "OPTIONS, GET, ...". */
const char *dav_methods_of(struct arena *arena, enum dav_place_kind kind);

/* --- What the request says ------------------------------------------------ */

/* The value of a header field; NULL if there is none. */
const char *dav_header(const struct dav_call *call, const char *name);

enum dav_depth { DAV_DEPTH_0, DAV_DEPTH_1, DAV_DEPTH_INFINITY, DAV_DEPTH_BAD };
enum dav_depth dav_depth(const struct dav_call *call, enum dav_depth standard);

/* Whether a URL, or a path, is one of this host: by the name that the client,
 * or a proxy that passes its requests on, has for it. */
bool dav_is_here(const struct dav_call *call, const char *url);

/* Whether Prefer has this (RFC 7240): "return=minimal"; and saying that it has
 * been done so. */
bool dav_prefers(const struct dav_call *call, const char *what);
void dav_applied(struct dav_call *call, const char *what);

/* RFC 6352, 8.4; RFC 9110, 12.5.1: version 4 of cards for who asks for it. */
enum vcard_version dav_card_version(const struct dav_call *call);

/* The XML of the body; false and an answer where it is none.  NULL for an empty
 * body, which is refused unless `may_be_empty`. */
bool dav_read_body(struct dav_call *call, bool may_be_empty,
                   const struct dav_node **root_out);

/* --- Answers -------------------------------------------------------------- */

/* Says an error and returns STATUS_OK. */
enum status dav_refuse(struct dav_call *call, int code,
                       const char *precondition, const char *sentence);

/* RFC 4791, 5.3.1.1 and RFC 6352, 5.2: no collection of objects is made in
 * another.  Those that Outlook has made there are shown all the same. */
enum status dav_refuse_location(struct dav_call *call, enum folder_kind kind);

/* Refuses where the user lacks one of these rights (of enum folder_right), at
 * a place, or in a folder that the call is about. */
bool dav_may_at(struct dav_call *call, const struct dav_place *place,
                unsigned rights);
bool dav_may(struct dav_call *call, const struct folder *folder,
             unsigned rights);

/* --- Objects -------------------------------------------------------------- */

/* The object that a place names; its name is NULL if there is none. */
enum status dav_object_find(struct dav_call *call,
                            const struct dav_place *place,
                            struct object *object_out);

/* An entity tag with its quotes, of an object in a folder that stands so. */
const char *dav_etag(struct arena *arena, const struct object_marks *marks,
                     uint64_t revision);

/* POST to a collection (RFC 5995): method_put.c. */
enum status dav_add_member(struct dav_call *call);

/* Says that another object has the UID (RFC 4791, 5.3.2.1). */
enum status dav_refuse_uid(struct dav_call *call,
                           const struct dav_place *place);

/* Says why a text was not taken. */
enum status dav_refuse_object(struct dav_call *call,
                              const struct dav_place *place, enum status status,
                              const struct object_written *written);

dav_method dav_method_copy;
dav_method dav_method_delete;
dav_method dav_method_get;
dav_method dav_method_mkcalendar;
dav_method dav_method_mkcol;
dav_method dav_method_move;
dav_method dav_method_options;
dav_method dav_method_post;
dav_method dav_method_propfind;
dav_method dav_method_proppatch;
dav_method dav_method_put;
dav_method dav_method_report;

#endif
