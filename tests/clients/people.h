/*
 * people.h - who is in the directory, and in Ann's contacts
 */
#ifndef POSTERN_TESTS_CLIENTS_PEOPLE_H
#define POSTERN_TESTS_CLIENTS_PEOPLE_H

struct harness;

/* Mila Baker (a baker of many addresses, with a photo and a manager), Miles
 * Smith, Hans Gödel, the group of bakers, and a contact of Ann's. */
void people_fill(const struct harness *harness);

#endif
