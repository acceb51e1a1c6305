/*
 * restriction.h - conditions that Exchange searches by
 */
#ifndef POSTERN_EXCHANGE_EWS_RESTRICTION_H
#define POSTERN_EXCHANGE_EWS_RESTRICTION_H

#include "proxy/exchange/backend.h"
#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/version.h"

/* The property equals this text. */
void restriction_equals(struct xml_writer *writer,
                        const struct property *property, const char *text);

/* The property begins with this text, whatever the case. */
void restriction_begins(struct xml_writer *writer,
                        const struct property *property, const char *text);

/* A field of a message contains a text, as struct backend's search says. */
void restriction_search(struct xml_writer *writer, enum ews_version version,
                        enum mail_search_field field, const char *name,
                        const char *text);

#endif
