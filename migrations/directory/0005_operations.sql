-- What the deployment knows of itself, in the object `operations`: metrics, circuits, health. Each is JSON in one row.
create table operations (
  name  text primary key,
  value text not null
) without rowid;
