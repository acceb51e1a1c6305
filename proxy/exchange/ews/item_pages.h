/*
 * item_pages.h - FindItem, page by page
 *
 * Pages end where Exchange says that they do, and not where they are short:
 * servers give fewer rows than asked for when they have much to do.
 */
#ifndef POSTERN_EXCHANGE_EWS_ITEM_PAGES_H
#define POSTERN_EXCHANGE_EWS_ITEM_PAGES_H

#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/soap.h"

#define PAGE_ROWS 500

/* Pages of a list overlap by this number of rows: where items are deleted
 * meanwhile, those behind them move up. */
#define PAGE_OVERLAP 20

struct item_page {
    const struct xml_node *rows; /* the first of them */
    size_t count;
    size_t next; /* where the next page starts */
    bool last;
};

/* Parts of a request: `rows` from an offset on, ascending by a property. */
void pages_write_view(struct xml_writer *writer, size_t rows, size_t offset);
void pages_write_order(struct xml_writer *writer, const struct property *by);

/* Asks for the page that begins at `offset`, which `build` writes. */
enum status pages_ask(struct op *op, struct ews *ews,
                      void (*build)(void *context,
                                    struct soap_request *request),
                      void *context, size_t offset, struct arena *arena,
                      struct item_page *page_out);

#endif
