/*
 * vdirsyncer.h - vdirsyncer between the gateway and files of ANN's
 *
 * Events are in ~/calendars/calendar/, tasks in ~/calendars/tasks/, contacts in
 * ~/cards/contacts/.
 */
#ifndef POSTERN_TESTS_CLIENTS_VDIRSYNCER_H
#define POSTERN_TESTS_CLIENTS_VDIRSYNCER_H

struct harness;

/* Finds what there is from this path of the gateway on, and makes the folders
 * for it.  `conflicts` is who wins, as its configuration has it. */
void vdirsyncer_discover(const struct harness *harness, const char *path,
                         const char *conflicts);

/* Brings all into step; what it says is to be freed. */
char *vdirsyncer_sync(const struct harness *harness);

#endif
