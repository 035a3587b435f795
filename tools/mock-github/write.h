/* Handlers of unsafe methods: what a client may change through the API. */
#ifndef MOCK_WRITE_H
#define MOCK_WRITE_H

#include "route.h"

/* POST to a list: 201 with the new element, made as the others and then given the body's fields. */
void mock_write_element(struct mock_call *call);

/* PATCH of an item: 200 with the changed item. */
void mock_write_item(struct mock_call *call);
void mock_write_repo(struct mock_call *call);

/* DELETE of an item: 204. */
void mock_write_remove(struct mock_call *call);

/* GET, POST, PUT, DELETE of an issue's labels. */
void mock_write_labels(struct mock_call *call);

/* PUT and DELETE of a file: a commit. */
void mock_write_contents(struct mock_call *call);

void mock_write_rerun(struct mock_call *call);
void mock_write_runner_token(struct mock_call *call);

/* 205 */
void mock_write_reset(struct mock_call *call);

/* Sets the fields that json has in the item, and touches it. Fields that name the item stay. */
void mock_write_merge(struct mock_model *model, struct mock_item *item, const cJSON *json);

#endif
