BEGIN TRANSACTION;
CREATE TABLE calibration (run TEXT PRIMARY KEY, step INTEGER, bins BLOB);
CREATE TABLE chunks (run TEXT, first INTEGER, last INTEGER, data BLOB);
INSERT INTO "chunks" VALUES('oldrun33',1,4,X'0100000000000000020000000000000003000000000000000400000000000000000000400000C03F0000803F0000003FCDCC4C3ECDCCCC3E9A99193FCDCC4C3FCDCCCC3DCDCCCC3DCDCCCC3DCDCCCC3D');
CREATE TABLE clipped (run TEXT, step INTEGER, size REAL, largest REAL, after REAL, fraction REAL);
CREATE TABLE evaluations (run TEXT, step INTEGER, val_loss REAL, val_accuracy REAL, samples INTEGER);
INSERT INTO "evaluations" VALUES('oldrun33',4,0.4,0.8,50);
CREATE TABLE free_running (run TEXT, step INTEGER, accuracy REAL, teacher_forced REAL, samples INTEGER, split TEXT);
CREATE TABLE health (run TEXT, step INTEGER, data BLOB);
CREATE TABLE latest (run TEXT PRIMARY KEY, started TEXT, ended TEXT, paused INTEGER DEFAULT 0,
    detail_step INTEGER, confusion BLOB, mistakes TEXT);
INSERT INTO "latest" VALUES('oldrun33','{"step": 0, "planned_steps": 4, "steps_per_epoch": 4, "device": "cpu", "parameters": 7, "sentence": "", "chance_loss": null, "constant_loss": null}','{"step": 4, "reason": "done", "sentence": "", "test_loss": 0.4, "test_accuracy": 0.79, "best_step": null}',0,4,NULL,'[]');
CREATE TABLE marks (run TEXT, step INTEGER, setting TEXT, old REAL, new REAL);
INSERT INTO "marks" VALUES('oldrun33',2,'learning_rate',0.1,0.05);
CREATE TABLE runs (id TEXT PRIMARY KEY, owner TEXT, name TEXT, created REAL, updated REAL, state TEXT,
    sentence TEXT, experiment TEXT, step INTEGER, planned_steps INTEGER, loss REAL, accuracy REAL,
    val_loss REAL, val_accuracy REAL, best_val_accuracy REAL, test_accuracy REAL, parent TEXT, note TEXT,
    lost_processes INTEGER, lost_at INTEGER,
    checkpoint_step INTEGER);
INSERT INTO "runs" VALUES('oldrun33','me','Version 3',1.0,2.0,'done','','{"version":3,"name":"Classic MLP","network":{"layers":[{"name":"flatten","kind":"Flatten","fields":{},"inputs":null,"trainable":true},{"name":"hidden1","kind":"Linear","fields":{"out_features":128},"inputs":null,"trainable":true},{"name":"relu1","kind":"ReLU","fields":{},"inputs":null,"trainable":true},{"name":"hidden2","kind":"Linear","fields":{"out_features":64},"inputs":null,"trainable":true},{"name":"relu2","kind":"ReLU","fields":{},"inputs":null,"trainable":true},{"name":"output","kind":"Linear","fields":{"out_features":10},"inputs":null,"trainable":true}]},"task":{"name":"mnist","fields":{}},"training":{"optimizer":{"kind":"Adam","learning_rate":0.002,"beta1":0.9,"beta2":0.999,"eps":1e-8,"weight_decay":0.0,"amsgrad":false},"schedule":{"kind":"CosineAnnealingLR","warmup_ratio":0.0,"end_factor":0.0},"batch_size":64,"epochs":5,"train_fraction":1.0,"clip":"off","clip_threshold":1.0,"label_smoothing":0.0,"early_stopping":0,"augmentation":{"shift":0.0,"rotate":0.0,"scale":0.0,"elastic":0.0}},"seed":1}',4,4,0.5,0.8,0.4,0.8,NULL,0.79,'older','a note',0,-1,4);
CREATE INDEX runs_by_owner ON runs (owner, created);
CREATE INDEX chunks_by_run ON chunks (run, first);
CREATE INDEX evaluations_by_run ON evaluations (run);
CREATE INDEX marks_by_run ON marks (run);
CREATE INDEX health_by_run ON health (run, step);
CREATE INDEX clipped_by_run ON clipped (run, step);
CREATE INDEX free_running_by_run ON free_running (run, step);
COMMIT;
PRAGMA user_version = 3;
