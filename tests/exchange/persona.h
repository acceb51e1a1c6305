/*
 * persona.h - somebody of the directory, or a contact, as a Persona
 */
#ifndef POSTERN_TESTS_EXCHANGE_PERSONA_H
#define POSTERN_TESTS_EXCHANGE_PERSONA_H

#include "tests/exchange/call.h"

struct sim_entry;

struct persona {
    const struct sim_entry *entry; /* NULL: it is a contact */
    struct sim_item *item;
    const char *name;
    const char *given; /* NULL: none; as the next two */
    const char *surname;
    const char *address;
};

void persona_of_entry(struct arena *arena, const struct sim_entry *entry,
                      struct persona *persona_out);
void persona_of_item(struct sim_item *item, struct persona *persona_out);

/* The text of a PersonaId. */
const char *persona_id(struct arena *arena, const struct persona *persona);

/* What a shape asks for: "IdOnly", "Default" or "AllProperties", and the paths
 * below `more` (NULL: none); what stands within Persona. */
void persona_put(struct call *call, const struct persona *persona,
                 const char *shape, const struct node *more);

#endif
