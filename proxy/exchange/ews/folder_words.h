/*
 * folder_words.h - what calls about folders have in common
 */
#ifndef POSTERN_EXCHANGE_EWS_FOLDER_WORDS_H
#define POSTERN_EXCHANGE_EWS_FOLDER_WORDS_H

#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/soap.h"

/* The m:FolderShape with these properties. */
void folder_write_shape(struct xml_writer *writer,
                        const struct property *const properties[],
                        size_t count);

/* A list of folders, `element`, of this one alone. */
void folder_write_ids(struct xml_writer *writer, const char *element,
                      const char *id);

/* What the folder holds, by its element's name and its class (NULL: none). */
enum folder_kind folder_kind_of(const char *element, const char *class);

/* Two properties, and what of enum folder_right the user has not by what they
 * say; nothing where Exchange has not told. */
#define FOLDER_RIGHTS 2
extern const struct property *const folder_rights[FOLDER_RIGHTS];
unsigned folder_lacks(const struct xml_node *folder);

/* Asks for these properties of one folder: its element. */
enum status folder_ask(struct op *op, struct ews *ews, const char *id,
                       const struct property *const properties[], size_t count,
                       const struct xml_node **folder_out);

/* Changes one folder: `build` writes one t:SetFolderField or
 * t:DeleteFolderField. */
enum status folder_change(struct op *op, struct ews *ews, const char *id,
                          void (*build)(void *context,
                                        struct xml_writer *writer),
                          void *context);

#endif
