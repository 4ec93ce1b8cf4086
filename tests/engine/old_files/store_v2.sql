BEGIN TRANSACTION;
CREATE TABLE chunks (run TEXT, first INTEGER, last INTEGER, data BLOB);
INSERT INTO "chunks" VALUES('oldrun22',1,8,X'01000000000000000200000000000000030000000000000004000000000000000500000000000000060000000000000007000000000000000800000000000000333313402CBE02404992E43F3BA8C33F2CBEA23F1DD4813F1DD4413F0000003FCDCCCC3D587C453E2549923E1DD4C13E165FF13E0775103F843A283F0000403F6F12033B6F12033B6F12033B6F12033B6F12033B6F12033B6F12033B6F12033B');
CREATE TABLE clipped (run TEXT, step INTEGER, size REAL, largest REAL, after REAL, share REAL);
INSERT INTO "clipped" VALUES('oldrun22',8,0.9,2.5,0.5,0.75);
CREATE TABLE evaluations (run TEXT, step INTEGER, val_loss REAL, val_accuracy REAL, samples INTEGER);
INSERT INTO "evaluations" VALUES('oldrun22',8,0.4,0.8,1000);
CREATE TABLE free_running (run TEXT, step INTEGER, accuracy REAL, forced REAL, samples INTEGER, split TEXT);
INSERT INTO "free_running" VALUES('oldrun22',8,0.6,0.8,500,'val');
CREATE TABLE health (run TEXT, step INTEGER, data BLOB);
INSERT INTO "health" VALUES('oldrun22',8,X'789C958EDB0AC3200C86DF25D7AED41D6E7C955124CC4C05A7C503A594BEFB6CA98C5EEE26C9FFE5F06701639522CF412C5073B27906D1770F060973899849356D1DF97C0845D8B88EA86CED481FE2E76013596D4EA48CAADE92F5A00DA7A1B439BB3081B8F0AE67F51F6D40ECE52B14BFF59F9C5DD98DDD87F5E7F6E71A26473456966321F646975ADCC0D00664321869FF6F5DBF1F955903');
CREATE TABLE latest (run TEXT PRIMARY KEY, started TEXT, ended TEXT, paused INTEGER DEFAULT 0,
    detail_step INTEGER, confusion BLOB, mistakes TEXT);
INSERT INTO "latest" VALUES('oldrun22','{"step": 0, "planned_steps": 8, "steps_per_epoch": 4, "device": "cpu", "parameters": 7, "sentence": "", "guess": null, "constant": null}','{"step": 8, "reason": "done", "sentence": "", "test_loss": 0.41, "test_accuracy": 0.79, "best_step": null}',0,8,X'050000000000000000000000000000000500000000000000000000000000000005000000','[[17, 3, 8, 0.9]]');
CREATE TABLE marks (run TEXT, step INTEGER, setting TEXT, old REAL, new REAL);
INSERT INTO "marks" VALUES('oldrun22',3,'learning_rate',0.002,0.001);
INSERT INTO "marks" VALUES('oldrun22',5,'schedule','{"kind":"step","every":2,"factor":0.5}','{"kind":"constant"}');
CREATE TABLE runs (id TEXT PRIMARY KEY, owner TEXT, name TEXT, created REAL, updated REAL, state TEXT,
    sentence TEXT, experiment TEXT, step INTEGER, planned_steps INTEGER, loss REAL, accuracy REAL,
    val_loss REAL, val_accuracy REAL, best_val_accuracy REAL, test_accuracy REAL, parent TEXT, note TEXT,
    losses INTEGER, lost_at INTEGER,
    saved INTEGER);
INSERT INTO "runs" VALUES('oldrun22','v1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','An old run',1764000000.5,1764000009.5,'done','','{"version":1,"name":"Classic MLP","network":{"layers":[{"name":"flatten","kind":"Flatten","fields":{},"inputs":null},{"name":"hidden1","kind":"Linear","fields":{"out_features":128},"inputs":null},{"name":"relu1","kind":"ReLU","fields":{},"inputs":null},{"name":"hidden2","kind":"Linear","fields":{"out_features":64},"inputs":null},{"name":"relu2","kind":"ReLU","fields":{},"inputs":null},{"name":"output","kind":"Linear","fields":{"out_features":10},"inputs":null}]},"task":{"name":"mnist","fields":{}},"training":{"optimizer":{"kind":"Adam","learning_rate":0.002,"beta1":0.9,"beta2":0.999,"eps":1e-8,"weight_decay":0.0,"amsgrad":false},"schedule":{"kind":"step","every":2,"factor":0.5},"batch_size":64,"epochs":5,"share":0.25,"clip":"norm","clip_at":0.5,"label_smoothing":0.0,"early_stopping":0,"augmentation":{"shift":0.0,"rotate":0.0,"scale":0.0,"elastic":0.0}},"seed":1}',8,8,0.5,0.75,0.4,0.8,0.8,0.79,NULL,'kept',1,3,8);
CREATE INDEX runs_by_owner ON runs (owner, created);
CREATE INDEX chunks_by_run ON chunks (run, first);
CREATE INDEX evaluations_by_run ON evaluations (run);
CREATE INDEX marks_by_run ON marks (run);
CREATE INDEX health_by_run ON health (run, step);
CREATE INDEX clipped_by_run ON clipped (run, step);
CREATE INDEX free_running_by_run ON free_running (run, step);
COMMIT;
PRAGMA user_version = 2;
