/*
 * sync.h - SyncFolderItems: what has changed in a folder, page by page
 */
#ifndef POSTERN_EXCHANGE_EWS_SYNC_H
#define POSTERN_EXCHANGE_EWS_SYNC_H

#include "proxy/exchange/ews/soap.h"

/* <Create><Message>...</Message></Create> and the like, as many as there are.
 */
struct sync_page {
    const struct xml_node *first; /* NULL: none */
    size_t count;
    const char *state; /* goes on after it */
    bool last;
};

struct sync {
    const char *folder;
    const char *state; /* NULL: from the beginning */

    /* Writes m:ItemShape. */
    void (*shape)(struct soap_request *request);

    /* Takes a page, which lives until it returns as the arena does; false ends
     * all. */
    bool (*page)(void *context, struct arena *arena,
                 const struct sync_page *page);
    void *context;
};

/* STATUS_STALE: begin again without a state. */
enum status sync_run(struct op *op, struct ews *ews, const struct sync *sync);

#endif
